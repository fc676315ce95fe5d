package dev.abide.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.abide.annotations.DurableObject;
import dev.abide.annotations.SafeToShare;
import dev.abide.engine.AbideException.Applied;
import dev.abide.engine.fixtures.Engines;
import dev.abide.engine.internal.Access;
import dev.abide.engine.internal.activation.Engine;
import dev.abide.engine.internal.activation.EngineOptions;
import dev.abide.engine.internal.store.MemoryState;
import dev.abide.engine.internal.store.MemoryStore;
import dev.abide.engine.internal.store.ObjectName;
import dev.abide.engine.internal.store.ObjectStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An object's storage is read when it is first used, and nothing else waits for that. */
class LazyStorageTest {
  /** An object whose constructor leaves storage alone. */
  @DurableObject("bare")
  interface Bare {
    String run(Step step) throws Exception;

    /** What a turn does. */
    @SafeToShare
    interface Step {
      String run(ObjectContext context) throws Exception;
    }
  }

  static final class BareObject implements Bare {
    private final ObjectContext context;

    BareObject(ObjectContext context) {
      this.context = context;
    }

    @Override
    public String run(Step step) throws Exception {
      return step.run(context);
    }
  }

  /** An object whose constructor makes a cell and does not read it. */
  @DurableObject("celled")
  interface Celled {
    long next(boolean used);
  }

  static final class CelledObject implements Celled {
    private final Cell<Long> number;

    CelledObject(ObjectContext context) {
      number = context.storage().cell("number", Long.class, 0L);
    }

    @Override
    public long next(boolean used) {
      return used ? number.update(n -> n + 1) : -1;
    }
  }

  /** A store that counts how often an object is read, and may refuse to. */
  private static final class Counting {
    private final MemoryState state = new MemoryState();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean broken;

    Abide open() {
      MemoryStore store = new MemoryStore(state);
      ObjectStore counting =
          (ObjectStore)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {ObjectStore.class},
                  (proxy, method, arguments) -> {
                    if (arguments != null
                        && arguments[0] instanceof ObjectName name
                        && name.id().startsWith("o-")) {
                      reads.incrementAndGet();
                      if (broken) {
                        throw new StorageException("the page is damaged", null, false, Applied.NO);
                      }
                    }
                    try {
                      return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                      throw thrown.getCause();
                    }
                  });
      return Access.get()
          .abide(
              Engine.over(
                  counting,
                  EngineOptions.of(
                      Engines.with(options ->
                          options
                              .host(Bare.class, BareObject::new)
                              .host(Celled.class, CelledObject::new)))));
    }
  }

  @Test
  void object_thatUsesNoStorage_asksTheStoreForNothing() throws Exception {
    Counting store = new Counting();
    try (Abide abide = store.open()) {
      Bare bare = abide.get(Bare.class, "o-1");

      assertThat(bare.run(ObjectContext::id)).isEqualTo("o-1");
      abide.sleep(Bare.class, "o-1");
      assertThat(bare.run(ObjectContext::type)).isEqualTo("bare");
      bare.run(context -> {
        context.commit();
        context.awaitDurable();
        return "";
      });

      assertThat(store.reads).hasValue(0);
    }
  }

  @Test
  void cell_isReadAtItsFirstUse_onceForTheWholeObject() {
    Counting store = new Counting();
    try (Abide abide = store.open()) {
      Celled celled = abide.get(Celled.class, "o-1");
      celled.next(true);
      abide.sleep(Celled.class, "o-1");
      store.reads.set(0);

      assertThat(celled.next(false)).isEqualTo(-1);
      assertThat(store.reads).hasValue(0);
      assertThat(celled.next(true)).isEqualTo(2);
      assertThat(store.reads).hasPositiveValue();
    }
  }

  @Test
  void objectThatCannotBeRead_saysSoWhereItsStorageIsUsed_andIsReadAgain() {
    Counting store = new Counting();
    try (Abide abide = store.open()) {
      Celled celled = abide.get(Celled.class, "o-1");
      celled.next(true);
      abide.sleep(Celled.class, "o-1");
      store.broken = true;

      assertThat(celled.next(false)).isEqualTo(-1);
      assertThatThrownBy(() -> celled.next(true))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("the page is damaged");
      assertThatThrownBy(() -> celled.next(true)).isInstanceOf(StorageException.class);

      store.broken = false;
      assertThat(celled.next(true)).isEqualTo(2);
    }
  }

  @Test
  void deletion_byAnInstanceThatHasUsedNoStorage_takesWhatEarlierOnesStored() throws Exception {
    Counting store = new Counting();
    try (Abide abide = store.open()) {
      Bare bare = abide.get(Bare.class, "o-1");
      bare.run(context -> {
        context.storage().cell("kept", String.class).set("kept");
        return "";
      });
      abide.sleep(Bare.class, "o-1");
      assertThat(abide.ids(Bare.class)).containsExactly("o-1");

      bare.run(context -> {
        context.delete();
        return "";
      });

      assertThat(abide.ids(Bare.class)).isEmpty();
      assertThat(
              bare.run(context -> context.storage().cell("kept", String.class).find().orElse("-")))
          .isEqualTo("-");
    }
  }

  @Test
  void backgroundWork_ofAnInstanceThatHasUsedNoStorage_begins() throws Exception {
    try (Abide abide = new Counting().open()) {
      CountDownLatch began = new CountDownLatch(1);
      abide
          .get(Bare.class, "o-1")
          .run(context -> {
            context.background(began::countDown);
            return "";
          });

      assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void alarm_ofAnInstanceThatHasNoHookForIt_isRefused_inEachTurn() {
    try (Abide abide = new Counting().open()) {
      Bare bare = abide.get(Bare.class, "o-1");
      for (int turn = 0; turn < 2; turn++) {
        assertThatThrownBy(() ->
                bare.run(context -> {
                  context.alarms().set("a", Duration.ofDays(1));
                  return "";
                }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("OnAlarm");
      }
    }
  }

  @Test
  void contextsOfInstancesThatAreGone_areRefused_alsoWhileThereIsANewOne() throws Exception {
    try (Abide abide = new Counting().open()) {
      Bare bare = abide.get(Bare.class, "o-1");
      ObjectContext[] old = new ObjectContext[1];
      bare.run(context -> {
        old[0] = context;
        return "";
      });
      abide.sleep(Bare.class, "o-1");

      assertThatThrownBy(() -> old[0].id()).hasMessageContaining("is gone");
      bare.run(context -> {
        assertThat(context).isNotSameAs(old[0]);
        assertThatThrownBy(() -> old[0].storage()).hasMessageContaining("is gone");
        return context.id();
      });
    }
  }
}
