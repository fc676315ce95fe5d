package dev.abide.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;

/** From an annotated interface to its stub and descriptor: read, judge, write. */
final class ObjectStep {
  private final Environment env;
  private final ObjectRules rules;
  private final SourceWriter sources;
  private final Map<String, Set<String>> missing = new HashMap<>();

  ObjectStep(Environment env) {
    this.env = env;
    this.rules = new ObjectRules(env);
    this.sources = new SourceWriter(env);
  }

  /**
   * Judges the interface, and writes its files if nothing is wrong with it.
   *
   * @return false if the type names types that do not exist yet, so that a later round must try
   *     again
   */
  boolean process(TypeElement type) {
    if (!rules.check(type)) {
      return true;
    }
    AnnotationMirror annotation = ObjectRules.annotation(type);
    String name = Marks.text(annotation);
    if (name == null) {
      return false;
    }
    rules.checkName(type, annotation, name);
    ObjectReader reader = new ObjectReader(env, type);
    ObjectModel model = reader.read(name);
    if (reader.unresolved()) {
      missing.put(type.getQualifiedName().toString(), reader.missing());
      return false;
    }
    if (!env.problems().isFaulty(type)) {
      Copiers copiers = new Copiers(model);
      sources.write(model.stub(), new StubWriter(model, copiers).write(), type);
      sources.write(model.descriptor(), new DescriptorWriter(model, copiers).write(), type);
    }
    return true;
  }

  /**
   * Says of a type that waited to the end what it waited for, unless the compiler says so itself:
   * it looks at what sources name, and not at what the class files name that they use.
   */
  void giveUp(TypeElement type) {
    Set<String> names = missing.getOrDefault(type.getQualifiedName().toString(), Set.of());
    if (!names.isEmpty()) {
      env.problems().report(Problem.MISSING_TYPE, type, type, String.join(", ", names));
    }
  }
}
