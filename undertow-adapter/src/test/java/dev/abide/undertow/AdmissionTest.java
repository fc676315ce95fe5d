package dev.abide.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undertow.server.HttpServerExchange;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What the edge takes on at once. */
class AdmissionTest {
  private static final int BODY_BYTES = 100;

  @Test
  void placeOfARequestThatCannotBeDispatched_isGivenBack() {
    Admission admission = new Admission(EdgeConfig.of(options -> {}));
    HttpServerExchange exchange = new HttpServerExchange(null);
    Admission.Place place = admission.enter(exchange);
    place.reserve(BODY_BYTES);

    assertThatThrownBy(() ->
            place.dispatch(
                exchange,
                task -> {
                  throw new RejectedExecutionException("no thread, as the test wants");
                },
                /* oneWay */ false,
                () -> {}))
        .isInstanceOf(RejectedExecutionException.class);

    assertThat(admission.heldBytes()).as("its client waits").isEqualTo(BODY_BYTES);
    place.leave();
    assertThat(admission.heldBytes()).isZero();
    assertThat(admission.late()).isZero();
    assertThat(admission.underWay()).isZero();
  }
}
