package dev.abide.examples.account;

import dev.abide.annotations.Stored;
import dev.abide.annotations.StoredAs;
import dev.abide.engine.AbideException;
import dev.abide.engine.AlarmEvent;
import dev.abide.engine.Cell;
import dev.abide.engine.ObjectContext;
import dev.abide.engine.OnAlarm;
import dev.abide.engine.StoredMap;
import java.time.Duration;
import java.util.Map;

/**
 * An account with an outbox. A transfer is two commits of two objects, and a process may die
 * between them, so the first one, in one piece, takes the money out and writes down where it is to
 * go; the entry is struck out when the other account has it. The other account keeps the last
 * number that it had from each sender, so that an entry that is delivered twice counts once.
 *
 * <p>An alarm stands while something is in the outbox, set by the same commit: so what could not be
 * delivered is delivered later, though nobody calls this account and though the process died.
 */
public final class AccountObject implements Account, OnAlarm {
  private static final String OUTBOX = "outbox";

  /** Longer than a delivery takes as a rule, so that the alarm seldom has anything to do. */
  private static final Duration SOON = Duration.ofSeconds(2);

  /** What is on its way. */
  @Stored
  record Sent(@StoredAs(1) String to, @StoredAs(2) long cents) {}

  private final ObjectContext context;
  private final Cell<Long> balance;
  private final Cell<Long> lastNumber;
  private final StoredMap<Long, Sent> outbox;
  private final StoredMap<String, Long> lastReceived;

  public AccountObject(ObjectContext context) {
    this.context = context;
    balance = context.storage().cell("balance", Long.class, 0L);
    lastNumber = context.storage().cell("last-number", Long.class, 0L);
    outbox = context.storage().map("outbox", Long.class, Sent.class);
    lastReceived = context.storage().map("last-received", String.class, Long.class);
  }

  @Override
  public long deposit(long cents) {
    checkPositive(cents);
    return balance.update(had -> Math.addExact(had, cents));
  }

  @Override
  public long balance() {
    return balance.get();
  }

  @Override
  public int onTheirWay() {
    return outbox.keys().size();
  }

  @Override
  public Outcome transfer(String to, long cents) throws InsufficientFundsException {
    checkPositive(cents);
    if (to.equals(context.id())) {
      throw new IllegalArgumentException("an account cannot pay itself");
    }
    if (balance.get() < cents) {
      throw new InsufficientFundsException(cents, balance.get());
    }
    balance.update(had -> had - cents);
    long number = lastNumber.update(n -> n + 1);
    outbox.put(number, new Sent(to, cents));
    context.alarms().set(OUTBOX, SOON);
    deliver();
    return outbox.contains(number) ? Outcome.ON_ITS_WAY : Outcome.ARRIVED;
  }

  @Override
  public int deliver() {
    int before = onTheirWay();
    try {
      send();
    } catch (AbideException notNow) {
      // What is left stays in the outbox.
      context.alarms().set(OUTBOX, SOON);
    }
    return before - onTheirWay();
  }

  /**
   * Fails if something is left; then it is tried again after 2, 4, 8 ... s, and in the end
   * reported.
   */
  @Override
  public void onAlarm(AlarmEvent alarm) {
    try {
      send();
    } catch (AbideException notNow) {
      // What has arrived stays struck out.
      context.commit();
      throw notNow;
    }
  }

  /**
   * Delivers in the order of the numbers; at the first that cannot be, those behind it stay too.
   */
  private void send() {
    // The money has left before it arrives: what the other account commits comes later in the
    // journal than this, so no crash leaves both accounts with it.
    context.commit();
    for (Map.Entry<Long, Sent> entry : outbox.entries()) {
      Sent sent = entry.getValue();
      context.get(Account.class, sent.to()).receive(context.id(), entry.getKey(), sent.cents());
      outbox.remove(entry.getKey());
    }
    context.alarms().cancel(OUTBOX);
  }

  @Override
  public void receive(String from, long number, long cents) {
    if (number > lastReceived.get(from, 0L)) {
      lastReceived.put(from, number);
      balance.update(had -> Math.addExact(had, cents));
    }
  }

  private static void checkPositive(long cents) {
    if (cents < 1) {
      throw new IllegalArgumentException(cents + " cents cannot be moved; 1 or more can");
    }
  }
}
