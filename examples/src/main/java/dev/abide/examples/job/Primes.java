package dev.abide.examples.job;

/** Work that takes its time: primes by trial division. */
final class Primes {
  private Primes() {}

  /** How many primes there are from {@code from} on, below {@code to}. */
  static long count(int from, int to) {
    long primes = 0;
    for (int number = from; number < to; number++) {
      if (isPrime(number)) {
        primes++;
      }
    }
    return primes;
  }

  private static boolean isPrime(int number) {
    if (number < 4) {
      return number > 1;
    }
    if (number % 2 == 0) {
      return false;
    }
    for (int divisor = 3; (long) divisor * divisor <= number; divisor += 2) {
      if (number % divisor == 0) {
        return false;
      }
    }
    return true;
  }
}
