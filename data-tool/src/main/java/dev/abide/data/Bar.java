package dev.abide.data;

/** How far long work has come; on a terminal only, so that logs stay clean. */
final class Bar {
  private static final int WIDTH = 40;

  private final String what;
  private final int all;
  private final boolean shown;

  Bar(String what, int all) {
    this.what = what;
    this.all = all;
    this.shown = System.console().isTerminal();
  }

  void reached(int done) {
    if (shown) {
      int filled = WIDTH * done / all;
      System.err.printf(
          "\r%s [%s%s] %d%%",
          what, "#".repeat(filled), " ".repeat(WIDTH - filled), 100 * done / all);
      System.err.flush();
    }
  }

  void end() {
    if (shown) {
      System.err.println();
    }
  }
}
