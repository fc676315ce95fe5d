package dev.abide.undertow;

import org.jspecify.annotations.Nullable;

/**
 * A request that the edge refuses by itself: nothing was called, nothing applied.
 *
 * <p>Without a stack trace: it is thrown at strangers' will.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  final int status;
  final String code;
  final boolean retryable;
  final @Nullable String header;
  final @Nullable String headerValue;

  Refusal(int status, String code, String detail) {
    this(status, code, detail, false, null, null);
  }

  Refusal(
      int status,
      String code,
      String detail,
      boolean retryable,
      @Nullable String header,
      @Nullable String headerValue) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.retryable = retryable;
    this.header = header;
    this.headerValue = headerValue;
  }

  static Refusal badRequest(String detail) {
    return new Refusal(400, "bad-request", detail);
  }

  static Refusal notFound() {
    return new Refusal(
        404, "not-found", "there is no such type, or it has no such method that is exposed to you");
  }

  /** The server has too much to do, or is about to close. */
  static Refusal unavailable(String code, String detail) {
    return new Refusal(503, code, detail, true, "Retry-After", "1");
  }

  static Refusal methodNotAllowed(String allowed) {
    return new Refusal(
        405,
        "method-not-allowed",
        "this address takes " + allowed + " only",
        false,
        "Allow",
        allowed);
  }
}
