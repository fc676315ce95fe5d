package dev.abide.processor;

import com.google.auto.service.AutoService;
import dev.abide.annotations.Compute;
import dev.abide.annotations.Deadline;
import dev.abide.annotations.DurableObject;
import dev.abide.annotations.Exposed;
import dev.abide.annotations.OneWay;
import dev.abide.annotations.ReadOnly;
import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
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
      List.of(ReadOnly.class, OneWay.class, Deadline.class, Exposed.class, Compute.class);

  private final List<Pass> passes = new ArrayList<>();
  private @Nullable Environment env;

  /**
   * A step, the annotation of its types, and those that name types which do not exist yet: they are
   * judged again in the next round. Nothing is reported twice by that, since a round in which an
   * error was reported is the last but one.
   */
  private record Pass(Class<? extends Annotation> annotation, Step step, Set<String> waiting) {
    Pass(Class<? extends Annotation> annotation, Step step) {
      this(annotation, step, new LinkedHashSet<>());
    }

    String label() {
      return "@" + annotation.getSimpleName();
    }
  }

  /** For the compiler. */
  public DurableObjectProcessor() {}

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    Set<String> names = new LinkedHashSet<>();
    names.add(DurableObject.class.getName());
    names.add(Stored.class.getName());
    names.add(StoredAs.class.getName());
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
    Environment env =
        new Environment(
            compiler.getElementUtils(),
            compiler.getTypeUtils(),
            compiler.getFiler(),
            new ProblemReporter(compiler.getMessager()));
    passes.add(new Pass(DurableObject.class, new ObjectStep(env)));
    passes.add(new Pass(Stored.class, new StoredStep(env)));
    this.env = env;
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Environment env = this.env;
    if (env == null) {
      throw new IllegalStateException("the compiler has not called init");
    }
    if (!round.processingOver()) {
      processMarks(env, round);
    }
    for (Pass pass : passes) {
      List<TypeElement> types = takeWaiting(env, pass);
      if (round.processingOver()) {
        for (TypeElement type : types) {
          guarded(env, pass.label(), type, () -> pass.step().giveUp(type));
        }
      } else {
        types.addAll(ElementFilter.typesIn(round.getElementsAnnotatedWith(pass.annotation())));
        process(env, pass, types);
      }
    }
    return false;
  }

  private static void processMarks(Environment env, RoundEnvironment round) {
    MarkStep step = new MarkStep(env);
    for (Class<? extends Annotation> mark : MARKS) {
      for (Element element : round.getElementsAnnotatedWith(mark)) {
        guarded(env, "@" + mark.getSimpleName(), element, () -> step.process(mark, element));
      }
    }
    StoredRules stored = new StoredRules(env);
    for (Element element : round.getElementsAnnotatedWith(StoredAs.class)) {
      guarded(env, "@StoredAs", element, () -> stored.checkNumbered(element));
    }
  }

  private static void process(Environment env, Pass pass, List<TypeElement> types) {
    for (TypeElement type : types) {
      guarded(
          env,
          pass.label(),
          type,
          () -> {
            if (!pass.step().process(type)) {
              pass.waiting().add(type.getQualifiedName().toString());
            }
          });
    }
  }

  private static List<TypeElement> takeWaiting(Environment env, Pass pass) {
    List<TypeElement> types = new ArrayList<>();
    for (String name : pass.waiting()) {
      TypeElement type = env.elements().getTypeElement(name);
      if (type != null) {
        types.add(type);
      }
    }
    pass.waiting().clear();
    return types;
  }

  /** Runs a step for one element; whatever it throws becomes a problem reported there. */
  @SuppressWarnings("CatchingUnchecked")
  static void guarded(Environment env, String annotation, Element at, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError failure) {
      env.problems().report(Problem.UNEXPECTED, at, annotation, at, failure);
    }
  }
}
