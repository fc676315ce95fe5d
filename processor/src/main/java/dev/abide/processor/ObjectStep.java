package dev.abide.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;

/** From a {@code @DurableObject} interface to its stub and descriptor. */
final class ObjectStep implements Step {
  private final Environment env;
  private final ObjectRules rules;
  private final SourceWriter sources;
  private final Map<String, Set<String>> missing = new HashMap<>();

  ObjectStep(Environment env) {
    this.env = env;
    this.rules = new ObjectRules(env);
    this.sources = new SourceWriter(env);
  }

  @Override
  public boolean process(TypeElement type) {
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

  @Override
  public void giveUp(TypeElement type) {
    Set<String> names = missing.getOrDefault(type.getQualifiedName().toString(), Set.of());
    if (!names.isEmpty()) {
      env.problems().report(Problem.MISSING_TYPE, type, type, String.join(", ", names));
    }
  }
}
