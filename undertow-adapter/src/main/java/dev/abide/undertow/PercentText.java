package dev.abide.undertow;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Decodes what clients escape in addresses. Strictly: an escape that is cut short, bytes that are
 * no well-formed UTF-8, and characters that may not stand in an address are refused, since of two
 * readings of one address one would be a way around a rule about the other.
 */
final class PercentText {
  private PercentText() {}

  /**
   * The segments of a path behind a prefix, decoded; an encoded slash is a slash of the segment.
   *
   * @param path begins with a slash
   */
  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    int from = 1;
    while (true) {
      int to = path.indexOf('/', from);
      segments.add(decode(path.substring(from, to < 0 ? path.length() : to), false));
      if (to < 0) {
        return segments;
      }
      from = to + 1;
    }
  }

  /** The parameters of a query, decoded, each given once; a plus is a space, as forms write it. */
  static Map<String, String> query(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    query(
        query,
        (name, value) -> {
          if (parameters.put(name, value) != null) {
            throw Refusal.badRequest("the parameter \"" + name + "\" is given more than once");
          }
        });
    return parameters;
  }

  /** The same, however often each is given. */
  static void query(String query, BiConsumer<String, String> parameter) {
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
      parameter.accept(name, value);
    }
  }

  static String decode(String text, boolean plusIsSpace) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.put((byte) (hex(text, i + 1) << 4 | hex(text, i + 2)));
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.put((byte) ' ');
      } else if (c > ' ' && c < 0x7f) {
        bytes.put((byte) c);
      } else {
        throw Refusal.badRequest(
            String.format("the address has the character U+%04X unescaped", (int) c));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.badRequest("the address has escapes that are not well-formed UTF-8");
    }
  }

  private static int hex(String text, int at) {
    int digit = at < text.length() ? hexDigit(text.charAt(at)) : -1;
    if (digit < 0) {
      throw Refusal.badRequest("the address has a % without two hexadecimal digits behind it");
    }
    return digit;
  }

  /** Not {@code Character.digit}, which takes the digits of all scripts. */
  private static int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }
}
