package dev.abide.undertow;

import dev.abide.engine.Caller;
import java.util.Optional;

/** Says who may call what. Asked before the object is woken, on a virtual thread: it may wait. */
@FunctionalInterface
public interface Authorizer {
  /**
   * Whether the call is allowed.
   *
   * @param caller who authentication found, if anybody
   * @param type the object's type, as in {@code @DurableObject}
   * @param id the object's id
   * @param method the method's name
   */
  boolean allows(Optional<Caller> caller, String type, String id, String method);
}
