package dev.abide.processor;

import com.google.auto.service.AutoService;
import dev.abide.annotations.Deadline;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/**
 * Generates stubs and descriptors of {@link DurableObject} interfaces and codecs of {@link Stored}
 * types. Never throws: what goes wrong is a reported problem.
 */
@AutoService(Processor.class)
public final class DurableObjectProcessor extends AbstractProcessor {
  private static final List<Class<? extends Annotation>> MARKS =
      List.of(ReadOnly.class, OneWay.class, Deadline.class, Exposed.class);

  /*
   * Types that name types which do not exist yet: judged again in the next round. Nothing is
   * reported twice by that, since a round in which an error was reported is the last but one.
   */
  private final Set<String> waiting = new LinkedHashSet<>();
  private @Nullable Environment env;
  private @Nullable ObjectStep objects;

  /** For the compiler. */
  public DurableObjectProcessor() {}

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    Set<String> names = new LinkedHashSet<>();
    names.add(DurableObject.class.getName());
    names.add(Stored.class.getName());
    MARKS.forEach(mark -> names.add(mark.getName()));
    return names;
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public synchronized void init(ProcessingEnvironment compiler) {
    super.init(compiler);
    env =
        new Environment(
            compiler.getElementUtils(),
            compiler.getTypeUtils(),
            compiler.getFiler(),
            new ProblemReporter(compiler.getMessager()));
    objects = new ObjectStep(env);
    // StoredStep is made here.
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Environment env = this.env;
    ObjectStep objects = this.objects;
    if (env == null || objects == null) {
      throw new IllegalStateException("the compiler has not called init");
    }
    if (round.processingOver()) {
      for (TypeElement type : takeWaiting(env)) {
        guarded(env, "@DurableObject", type, () -> objects.giveUp(type));
      }
      return false;
    }
    processMarks(env, round);
    processObjects(env, objects, round);
    // @Stored types are handed to StoredStep here, each inside guarded(...).
    return false;
  }

  private static void processMarks(Environment env, RoundEnvironment round) {
    MarkStep step = new MarkStep(env);
    for (Class<? extends Annotation> mark : MARKS) {
      for (Element element : round.getElementsAnnotatedWith(mark)) {
        guarded(env, "@" + mark.getSimpleName(), element, () -> step.process(mark, element));
      }
    }
  }

  private void processObjects(Environment env, ObjectStep step, RoundEnvironment round) {
    List<TypeElement> types = takeWaiting(env);
    types.addAll(ElementFilter.typesIn(round.getElementsAnnotatedWith(DurableObject.class)));
    for (TypeElement type : types) {
      guarded(
          env,
          "@DurableObject",
          type,
          () -> {
            if (!step.process(type)) {
              waiting.add(type.getQualifiedName().toString());
            }
          });
    }
  }

  private List<TypeElement> takeWaiting(Environment env) {
    List<TypeElement> types = new ArrayList<>();
    for (String name : waiting) {
      TypeElement type = env.elements().getTypeElement(name);
      if (type != null) {
        types.add(type);
      }
    }
    waiting.clear();
    return types;
  }

  /** Runs a step for one element; whatever it throws becomes a problem reported there. */
  @SuppressWarnings("CatchingUnchecked")
  static void guarded(Environment env, String annotation, Element at, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | StackOverflowError | AssertionError failure) {
      env.problems().report(Problem.UNEXPECTED, at, annotation, at, failure);
    }
  }
}
