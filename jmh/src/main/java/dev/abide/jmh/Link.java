package dev.abide.jmh;

import dev.abide.annotations.DurableObject;
import dev.abide.engine.ObjectContext;

/** An object of a chain: the id is its number, and it calls the next one. */
@DurableObject("link")
interface Link {
  /** How many objects were called, this one included. */
  int follow(int more);

  /** The implementation. */
  final class LinkObject implements Link {
    private final Link next;

    LinkObject(ObjectContext context) {
      int number = Integer.parseInt(context.id());
      next = context.get(Link.class, Integer.toString(number + 1));
    }

    @Override
    public int follow(int more) {
      return more == 0 ? 1 : 1 + next.follow(more - 1);
    }
  }
}
