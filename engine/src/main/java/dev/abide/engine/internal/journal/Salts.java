package dev.abide.engine.internal.journal;

import java.security.SecureRandom;

/** Salts of segments; never zero, so that blocks of zeros are never taken for a header. */
final class Salts {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Salts() {}

  static long next() {
    long salt = RANDOM.nextLong();
    return salt == 0 ? 1 : salt;
  }
}
