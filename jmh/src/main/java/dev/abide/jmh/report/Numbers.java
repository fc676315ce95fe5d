package dev.abide.jmh.report;

import java.util.Locale;

/** Numbers as people read them; the same in every locale. */
final class Numbers {
  private Numbers() {}

  /** Three digits that mean something: 47,100,000; 3,210; 0.84. */
  static String rough(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    if (value == 0) {
      return "0";
    }
    double step = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2);
    double rounded = Math.round(value / step) * step;
    int decimals = (int) Math.clamp(2 - Math.floor(Math.log10(Math.abs(rounded))), 0, 9);
    return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
  }

  /** A ratio: 1.00, 0.021, 520. */
  static String ratio(double value) {
    return rough(value);
  }

  /** The error as a part of the value. */
  static String percent(double error, double value) {
    if (!Double.isFinite(error) || value == 0) {
      return "-";
    }
    return String.format(Locale.ROOT, "%.0f %%", 100 * error / value);
  }

  /** Bytes: below a tenth it is what the measuring itself allocates. */
  static String bytes(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    return value < 0.1
        ? "0"
        : value < 10 ? String.format(Locale.ROOT, "%.1f", value) : rough(value);
  }

  /** A time. */
  static String time(double nanos) {
    return nanos < 1e3
        ? rough(nanos) + " ns"
        : nanos < 1e6 ? rough(nanos / 1e3) + " us" : rough(nanos / 1e6) + " ms";
  }
}
