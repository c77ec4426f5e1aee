package io.caravan.exchange;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.processor.WireTapProcessor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps wire taps apart from the request that they watch. Camel runs the target of a tap on a copy
 * of the exchange, under the error handler of the route that holds the tap: the copy would carry
 * the client's open response, and the target's failure would be written to it. Where no error
 * handler takes the failure, Camel drops it without a word.
 *
 * <p>An intercept strategy is asked about every step of every route, so no tap needs a line of its
 * own.
 */
public final class WireTaps implements InterceptStrategy {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  /** String: the tap whose copy an exchange is. Only copies carry it. */
  private static final String TAP = "CaravanTap";

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    Processor step = nextTarget == null ? target : nextTarget;
    if (step instanceof WireTapProcessor tap && !(tap.getOnPrepare() instanceof Isolation)) {
      tap.setOnPrepare(new Isolation(tap, tap.getOnPrepare()));
    }
    return target;
  }

  /**
   * Reports the failure of a tap, where the exchange is the copy that a tap was given.
   *
   * @return false where it is a request itself, whose failure is the client's to know
   */
  public static boolean reported(Exchange exchange, Throwable failure) {
    String tap = exchange.getProperty(TAP, String.class);
    if (tap == null) {
      return false;
    }
    LOG.warn(
        "Request {}: the wire tap {} failed: {}",
        GatewayRequest.of(exchange).id(),
        tap,
        String.valueOf(failure));
    LOG.debug("The wire tap {} failed", tap, failure);
    return true;
  }

  /** Prepares the copy for a tap, and waits for its failure. */
  private static final class Isolation implements Processor {
    private final WireTapProcessor tap;
    private final Processor next;

    Isolation(WireTapProcessor tap, Processor next) {
      this.tap = tap;
      this.next = next;
    }

    @Override
    public void process(Exchange copy) throws Exception {
      GatewayRequest.of(copy).watch(copy);
      Attempt.watch(copy);
      if (copy.getMessage().getBody() instanceof UpstreamStream) {
        copy.getMessage().setBody(null);
      }
      copy.setProperty(TAP, tap.getId() + " (" + URISupport.sanitizeUri(tap.getUri()) + ")");
      copy.getExchangeExtension().addOnCompletion(new Report());
      if (next != null) {
        next.process(copy);
      }
    }
  }

  private static final class Report extends SynchronizationAdapter {
    @Override
    public void onFailure(Exchange copy) {
      reported(copy, copy.getException());
    }
  }
}
