package io.caravan.stage;

import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.translate.request.Losses;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what requests lose on their way to a model, since developers of clients seldom read response
 * headers: each combination once for a model, as a client sends the same fields each time.
 */
final class LossLog {
  private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);

  /** The most combinations; clients can name models at will. */
  private static final int MOST = 1_000;

  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  void log(GatewayRequest request, ModelChoice model, Losses losses) {
    String lost = losses.unseen();
    if (lost.isEmpty() || logged.size() >= MOST) {
      return;
    }
    if (logged.add(model.fullName() + ' ' + lost)) {
      LOG.info(
          "Request {}: {} does not get {} (caravan-lossy; further requests without a line)",
          request.id(),
          model.fullName(),
          lost);
    }
  }
}
