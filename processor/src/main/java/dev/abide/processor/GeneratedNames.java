package dev.abide.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** The only place where names of generated things are made. */
final class GeneratedNames {
  private static final Pattern WORD_END = Pattern.compile("([a-z0-9])([A-Z])");

  private GeneratedNames() {}

  /** {@code a.b.CounterStub} for {@code a.b.Counter}. */
  static ClassName stub(TypeElement type) {
    return generated(type, "Stub");
  }

  /** {@code a.b.Outer_CounterDescriptor} for {@code a.b.Outer.Counter}. */
  static ClassName descriptor(TypeElement type) {
    return generated(type, "Descriptor");
  }

  /** {@code a.b.LineCodec} for {@code a.b.Line}. */
  static ClassName codec(TypeElement type) {
    return generated(type, "Codec");
  }

  /** {@code AddAllCall} for {@code addAll}. */
  static String callClass(String method) {
    return Character.toUpperCase(method.charAt(0)) + method.substring(1) + "Call";
  }

  /** {@code ADD_ALL} for {@code addAll}. */
  static String constant(String name) {
    return WORD_END.matcher(name).replaceAll("$1_$2").toUpperCase(Locale.ROOT);
  }

  /** {@code COPY_LIST_OF_LINE} for {@code List<Line>}. */
  static String copierConstant(TypeName type) {
    return "COPY_" + words(type);
  }

  /** {@code copyLine} for {@code Line}. */
  static String copierMethod(TypeName type) {
    TypeName raw = type instanceof ParameterizedTypeName generic ? generic.rawType() : type;
    return "copy" + ((ClassName) raw).simpleName();
  }

  /** The parameter's name, or one by its place where a class file holds none that Java allows. */
  static String parameter(String name, int place) {
    return SourceVersion.isName(name) ? name : "argument" + place;
  }

  private static String words(TypeName type) {
    return switch (type) {
      case ArrayTypeName array -> words(array.componentType()) + "_ARRAY";
      case ParameterizedTypeName generic -> {
        String joint = generic.rawType().simpleName().equals("Map") ? "_TO_" : "_AND_";
        yield words(generic.rawType())
            + "_OF_"
            + generic.typeArguments().stream()
                .map(GeneratedNames::words)
                .collect(Collectors.joining(joint));
      }
      case ClassName plain -> constant(plain.simpleName());
      default -> constant(type.toString());
    };
  }

  private static ClassName generated(TypeElement type, String suffix) {
    ClassName name = ClassName.get(type);
    return ClassName.get(name.packageName(), String.join("_", name.simpleNames()) + suffix);
  }
}
