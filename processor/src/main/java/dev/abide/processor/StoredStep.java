package dev.abide.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.TypeElement;

/** From a {@code @Stored} type to its codec. */
final class StoredStep implements Step {
  private final Environment env;
  private final StoredRules rules;
  private final SourceWriter sources;
  private final Map<String, Set<String>> missing = new HashMap<>();

  StoredStep(Environment env) {
    this.env = env;
    this.rules = new StoredRules(env);
    this.sources = new SourceWriter(env);
  }

  @Override
  public boolean process(TypeElement type) {
    if (!rules.check(type)) {
      return true;
    }
    StoredReader reader = new StoredReader(env, type);
    StoredModel model = reader.read();
    if (reader.unresolved()) {
      missing.put(type.getQualifiedName().toString(), reader.missing());
      return false;
    }
    if (model != null && !env.problems().isFaulty(type)) {
      sources.write(
          model.codec(),
          switch (model) {
            case StoredModel.OfRecord record -> new RecordCodecWriter(record).write();
            case StoredModel.OfEnum constants -> EnumCodecWriter.write(constants);
            case StoredModel.OfUnion union -> UnionCodecWriter.write(union);
          },
          type);
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
