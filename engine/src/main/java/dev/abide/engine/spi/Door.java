package dev.abide.engine.spi;

import dev.abide.engine.Abide;
import dev.abide.engine.Caller;
import dev.abide.engine.Request;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.AsyncDoor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous door: how adapters call objects.
 *
 * <p>Threading: from any thread, I/O threads too. Never blocks, and never runs a turn on the
 * calling thread.
 *
 * <p>Errors: all come as answers, but for wrong arguments of the door itself, and what a {@link
 * dev.abide.engine.ContextCarrier} throws when it captures.
 */
public interface Door {
  /** The door of an engine. */
  static Door of(Abide abide) {
    return new AsyncDoor(Access.get().engine(abide));
  }

  /** The names of all hosted types, in their order. */
  List<String> types();

  /**
   * The descriptor of a hosted type, or null.
   *
   * @param type the name given in {@code @DurableObject}
   */
  @Nullable Descriptor<?> descriptor(String type);

  /**
   * Calls an exposed method.
   *
   * @param type the name of a hosted type
   * @param id the object's id
   * @param method an exposed method of the type's descriptor
   * @param arguments as many as the method has, boxed
   * @param caller who calls, or null
   * @param deadline how long the caller waits, or null: then it is let go, and a turn that runs
   *     goes on. Where the method's own deadline is earlier, that holds, and interrupts the turn. A
   *     one-way call is not bound by either
   * @param answer told once, on a virtual thread, after the gate; for a one-way method when the
   *     call has been accepted
   * @throws IllegalArgumentException if the type is not hosted, the id not allowed, the method not
   *     exposed, or an argument of the wrong type
   * @throws NullPointerException if an argument is null where the method does not allow it
   */
  void call(
      String type,
      String id,
      MethodDescriptor method,
      Object[] arguments,
      @Nullable Caller caller,
      @Nullable Duration deadline,
      Answer answer);

  /**
   * Lets a client plug in to an object, if its type exposes sockets.
   *
   * @param type the name of a hosted type
   * @param id the object's id
   * @param upgrade what the client sent
   * @param caller who plugs in, or null
   * @param deadline how long the client waits to be let in; a turn that runs then goes on
   * @param wire the client's connection; told of the outcome on any thread, this one too
   * @return where to tell what happens to it, once it was opened
   * @throws IllegalArgumentException if the type is not hosted, exposes no sockets, or the id is
   *     not allowed
   */
  SocketEvents connect(
      String type,
      String id,
      Upgrade upgrade,
      @Nullable Caller caller,
      Duration deadline,
      SocketWire wire);

  /**
   * Gives an object a raw request, if its type takes them.
   *
   * @param type the name of a hosted type
   * @param id the object's id
   * @param request what the client sent
   * @param deadline how long the client waits for the object's answer; a turn that runs then goes
   *     on
   * @param wire the client; told of the answer on any thread, this one too
   * @throws IllegalArgumentException if the type is not hosted, takes no requests, or the id is not
   *     allowed
   */
  void request(String type, String id, Request request, Duration deadline, RequestWire wire);

  /** What a call ended with; value or failure is told, once. */
  interface Answer {
    /** The result; null for {@code void}. */
    void value(@Nullable Object value);

    /** The method's own exception, or an {@link dev.abide.engine.AbideException}. */
    void failure(Throwable failure);

    /**
     * The engine holds nothing of the call any more: its turn is over, and its stage if it returned
     * one, or it never ran and has left the mailbox. What the arguments take is free. Told once or
     * twice, on any thread, before the answer or after it: an answer by a deadline comes while the
     * turn still runs. Must not block and must not throw.
     */
    default void over() {}
  }
}
