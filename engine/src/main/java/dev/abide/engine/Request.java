package dev.abide.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A raw HTTP request to an object, whole: its body has come. Immutable but for the array of its
 * body, which belongs to the object.
 */
public final class Request {
  private final String method;
  private final String path;
  private final Map<String, List<String>> headers;
  private final Map<String, List<String>> query;
  private final Optional<Caller> caller;
  private final byte[] body;

  private Request(Builder of) {
    this.method = of.method;
    this.path = of.path;
    this.headers = copied(of.headers);
    this.query = copied(of.query);
    this.caller = Optional.ofNullable(of.caller);
    this.body = of.body;
  }

  private static Map<String, List<String>> copied(Map<String, List<String>> values) {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((name, all) -> copy.put(name, List.copyOf(all)));
    return java.util.Collections.unmodifiableMap(copy);
  }

  /**
   * A request, for adapters and for tests.
   *
   * @param path what stands behind {@code /http} in the address, not decoded; begins with a slash
   * @throws IllegalArgumentException if it does not
   */
  public static Builder of(String method, String path) {
    return new Builder(method, path);
  }

  /** The method: {@code GET}, {@code POST}, ... */
  public String method() {
    return method;
  }

  /**
   * What stands behind {@code /http} in the address, as it was sent, not decoded; a slash at least.
   */
  public String path() {
    return path;
  }

  /** A header's first value; upper and lower case are one. */
  public Optional<String> header(String name) {
    return first(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** All headers, by their names in lower case. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** A parameter of the query, decoded; the first one of that name. */
  public Optional<String> query(String name) {
    return first(query.get(name));
  }

  /** All parameters of the query, decoded. */
  public Map<String, List<String>> query() {
    return query;
  }

  private static Optional<String> first(@Nullable List<String> values) {
    return values == null ? Optional.empty() : values.stream().findFirst();
  }

  /** Who sent it, if that is known. */
  public Optional<Caller> caller() {
    return caller;
  }

  /** The body; empty if there is none. */
  public byte[] body() {
    return body;
  }

  /** The body as UTF-8; what is ill-formed becomes U+FFFD. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }

  /** Makes a request. For one thread. */
  public static final class Builder {
    private static final byte[] NOTHING = {};

    private final String method;
    private final String path;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final Map<String, List<String>> query = new LinkedHashMap<>();
    private @Nullable Caller caller;
    private byte[] body = NOTHING;

    private Builder(String method, String path) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException(
            "the path of a request is \"" + path + "\", and begins with a slash");
      }
      this.method = method;
      this.path = path;
    }

    /** Adds a header's value. */
    public Builder header(String name, String value) {
      add(headers, name.toLowerCase(Locale.ROOT), value);
      return this;
    }

    /** Adds a parameter. */
    public Builder query(String name, String value) {
      add(query, name, value);
      return this;
    }

    private static void add(Map<String, List<String>> to, String name, String value) {
      to.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
    }

    /** Who sends it; null for nobody known. */
    public Builder caller(@Nullable Caller who) {
      caller = who;
      return this;
    }

    /** The body; the array belongs to the request from now on. */
    public Builder body(byte[] bytes) {
      body = bytes;
      return this;
    }

    /** The body in UTF-8. */
    public Builder body(String text) {
      return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The request. */
    public Request build() {
      return new Request(this);
    }
  }
}
