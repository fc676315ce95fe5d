package dev.abide.jmh;

/**
 * What tallies were asked for, and whether they did it. Their sums are asked between iterations,
 * not within a measured operation: to ask a thousand actors one by one takes as long as a crowd's
 * calls.
 */
final class Asked {
  private final Tallies tallies;
  private long sum;

  Asked(Tallies tallies) {
    this.tallies = tallies;
  }

  /** A crowd calls: each caller a tally of its own, or all the same. */
  void by(int callers, int calls) throws InterruptedException {
    boolean one = tallies.size() == 1;
    Crowd.virtual(callers, calls, caller -> tallies.add(one ? 0 : caller, 1));
    sum += calls;
  }

  /** A caller on a thread of its own calls one tally. */
  void byOne(boolean virtual, int calls) throws InterruptedException {
    if (virtual) {
      Crowd.virtual(1, calls, caller -> tallies.add(0, 1));
    } else {
      Crowd.platform(1, calls, caller -> tallies.add(0, 1));
    }
    sum += calls;
  }

  /** One caller calls the first tally, and is told what it must be told. */
  long once() {
    long found = tallies.add(0, 1);
    sum++;
    Crowd.verify("sum", found, sum);
    return found;
  }

  /**
   * One sender tells the first tally so often, and returns when all of it has run. Where times are
   * taken it asks behind each message, so that a time ends when the message has run.
   */
  void told(int messages) throws Exception {
    boolean each = CrowdTimes.wanted();
    Crowd.alone(
        messages,
        sender -> {
          tallies.tell(0, 1);
          if (each) {
            tallies.add(0, 0);
          }
        });
    sum += messages;
    Crowd.verify("messages that ran", tallies.add(0, 0), sum);
  }

  /**
   * A crowd tells: each sender a tally of its own, or all the same; each asks that tally behind its
   * last message, and so returns when all of them have run. Where times are taken it asks behind
   * each.
   */
  void toldBy(int senders, int messages) throws InterruptedException {
    boolean one = tallies.size() == 1;
    boolean each = CrowdTimes.wanted();
    int[] sent = new int[senders];
    Crowd.virtual(
        senders,
        messages,
        sender -> {
          tallies.tell(one ? 0 : sender, 1);
          sent[sender]++;
          if (each || sent[sender] == Crowd.share(sender, senders, messages)) {
            tallies.add(one ? 0 : sender, 0);
          }
        });
    sum += messages;
  }

  /** Fails unless all calls since the beginning were counted. */
  void verify() {
    long found = 0;
    for (int tally = 0; tally < tallies.size(); tally++) {
      found += tallies.add(tally, 0);
    }
    Crowd.verify("calls counted by the objects", found, sum);
  }
}
