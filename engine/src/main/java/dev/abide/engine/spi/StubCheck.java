package dev.abide.engine.spi;

/** Tells stubs of its engine from everything else that implements a durable interface. */
public interface StubCheck {
  /** For values that can hold no stub: those of exposed methods. */
  StubCheck NONE =
      new StubCheck() {
        @Override
        public <S> S stub(S value, String what) {
          throw new IllegalArgumentException(what + " holds a stub; pass the object's id instead");
        }
      };

  /**
   * The value, if it is a stub of this engine.
   *
   * @param what what it was passed as, for the error
   * @throws IllegalArgumentException if it is not
   */
  <S> S stub(S value, String what);
}
