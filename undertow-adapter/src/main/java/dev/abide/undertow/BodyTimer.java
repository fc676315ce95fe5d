package dev.abide.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * Cuts off who takes too long to send a body, whoever it is for and whether anybody reads it: a
 * body that nobody wants is waited for too, before its connection can serve another request.
 */
final class BodyTimer {
  private BodyTimer() {}

  static void start(HttpServerExchange exchange, Duration timeout) {
    if (exchange.isRequestComplete()) {
      return;
    }
    XnioExecutor.Key timer =
        exchange
            .getIoThread()
            .executeAfter(
                () -> {
                  // A call may take longer than a body: only who still sends is cut off.
                  if (!exchange.isRequestComplete()) {
                    if (!exchange.isResponseStarted()) {
                      // For the count; nothing is sent any more.
                      exchange.setStatusCode(StatusCodes.REQUEST_TIME_OUT);
                      EdgeMeter.coded(exchange, "body-timeout");
                    }
                    IoUtils.safeClose(exchange.getConnection());
                  }
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    exchange.addExchangeCompleteListener((ended, next) -> {
      timer.remove();
      next.proceed();
    });
  }
}
