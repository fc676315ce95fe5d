package dev.abide.processor;

import javax.lang.model.element.TypeElement;

/** From annotated types to what is generated for them: read, judge, write. */
interface Step {
  /**
   * Judges the type, and writes its files if nothing is wrong with it.
   *
   * @return false if the type names types that do not exist yet, so that a later round must try
   *     again
   */
  boolean process(TypeElement type);

  /**
   * Says of a type that waited to the end what it waited for, unless the compiler says so itself:
   * it looks at what sources name, and not at what the class files name that they use.
   */
  void giveUp(TypeElement type);
}
