package io.caravan.replay;

import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.record.CaseFile;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Gives a replayed request what the recorded one had and the routes alone can't know: its id, from
 * which those of the message and its tool calls come, and the correction of the estimate of its
 * tokens, which came from earlier requests.
 */
final class RecordedState implements InterceptStrategy {
  private volatile CaseFile recorded;

  /** Sets the exchange that is replayed next. */
  void set(CaseFile next) {
    recorded = next;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    return switch (String.valueOf(node.getId())) {
      case "record" -> new Around(target, this::identify, exchange -> {});
      case "count-tokens" -> new Around(target, exchange -> {}, this::correct);
      default -> target;
    };
  }

  /** A step with something before it and something behind it. */
  private static final class Around extends DelegateAsyncProcessor {
    private final Consumer<Exchange> before;
    private final Consumer<Exchange> behind;

    Around(Processor step, Consumer<Exchange> before, Consumer<Exchange> behind) {
      super(AsyncProcessorConverterHelper.convert(step));
      this.before = before;
      this.behind = behind;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      before.accept(exchange);
      return super.process(
          exchange,
          doneSync -> {
            behind.accept(exchange);
            callback.done(doneSync);
          });
    }
  }

  private void identify(Exchange exchange) {
    String id = recorded.value("request-id");
    GatewayRequest request = GatewayRequest.of(exchange);
    request.setId(id);
    request.headers().put("request-id", id);
    exchange.setProperty(Contract.REQUEST_ID, id);
  }

  /** Corrects the estimate as it was then, unless the counter itself has changed. */
  private void correct(Exchange exchange) {
    String tokens = recorded.value("tokens");
    if (tokens != null && tokens.matches("\\d{1,18} \\d{1,18}")) {
      String[] numbers = tokens.split(" ", -1);
      if (Long.parseLong(numbers[0]) == GatewayRequest.of(exchange).rawTokens()) {
        exchange.setProperty(Contract.INPUT_TOKENS, Long.valueOf(numbers[1]));
      }
    }
  }
}
