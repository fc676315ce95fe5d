package dev.abide.examples.demo;

import dev.abide.engine.Abide;
import dev.abide.examples.account.Account;
import dev.abide.examples.account.AccountObject;
import dev.abide.examples.cart.Cart;
import dev.abide.examples.counter.Counter;
import dev.abide.examples.document.Document;
import dev.abide.examples.document.DocumentObject;
import dev.abide.examples.job.Job;
import dev.abide.examples.job.JobObject;
import dev.abide.examples.limiter.Limiter;
import dev.abide.examples.reminder.Reminder;
import dev.abide.examples.reminder.ReminderObject;
import dev.abide.examples.user.User;
import dev.abide.undertow.UndertowEdge;
import java.nio.file.Path;

/** The examples' objects in one directory, served on loopback. */
final class DemoServer implements AutoCloseable {
  private final Abide abide;
  private final Life life;
  private final UndertowEdge edge;

  private DemoServer(Abide abide, Life life, UndertowEdge edge) {
    this.abide = abide;
    this.life = life;
    this.edge = edge;
  }

  /** Opens the directory, and serves it at the port; 0 picks one. */
  static DemoServer open(Path data, int port) {
    Wakes wakes = new Wakes();
    Abide abide =
        Abide.open(
            data,
            options ->
                options
                    .host(Counter.class, wakes.counted(Counter.CounterObject::new))
                    .host(Cart.class, wakes.counted(Cart.CartObject::new))
                    .host(User.class, wakes.counted(User.UserObject::new))
                    .host(Account.class, wakes.counted(AccountObject::new))
                    .host(Reminder.class, wakes.counted(ReminderObject::new))
                    .host(Job.class, wakes.counted(JobObject::new))
                    .host(Document.class, wakes.counted(DocumentObject::new))
                    .host(
                        Limiter.class,
                        wakes.counted(Limiter.LimiterObject::new),
                        type -> type.idleTimeout(Limiter.PERIOD)));
    Life life = new Life(abide);
    try {
      DemoPages pages = new DemoPages(abide, wakes, life);
      return new DemoServer(
          abide,
          life,
          UndertowEdge.open(abide, options -> options.bind("127.0.0.1", port).otherwise(pages)));
    } catch (RuntimeException failure) {
      life.close();
      abide.close();
      throw failure;
    }
  }

  int port() {
    return edge.port();
  }

  @Override
  public void close() {
    edge.close();
    life.close();
    abide.close();
  }
}
