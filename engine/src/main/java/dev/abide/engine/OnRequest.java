package dev.abide.engine;

/**
 * For implementation classes that take raw HTTP requests; the interface says so by
 * {@code @Exposed(requests = true)}.
 *
 * <p>Threading: each request is a turn of the object that begins a chain of its own; it wakes the
 * object.
 *
 * <p>Durability: the response leaves when everything that the turn has seen is durable, and never
 * if the turn throws or the journal fails.
 *
 * <p>Errors: what this throws undoes the turn; the client gets a status and nothing of the
 * exception. A refusal that clients should read is a {@link Response}.
 */
@FunctionalInterface
public interface OnRequest {
  /** Answers a request. */
  Response onRequest(Request request) throws Exception;
}
