package io.caravan.stage;

import io.caravan.exchange.CallPlan;
import io.caravan.exchange.ModelChoice;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.translate.request.WindowExceededException;
import java.util.function.Consumer;
import org.apache.camel.Exchange;

/**
 * Looks at a model's window again before a prompt is refused for it. A local server is restarted
 * with a larger window just because of that refusal, and nothing else need tell the gateway.
 */
final class Windows {
  private Windows() {}

  /**
   * Converts a request for a model.
   *
   * @param conversion is called a second time, for the model with its present sizes, if the prompt
   *     exceeds the window
   * @throws WindowExceededException if the prompt exceeds the present window
   */
  static void fit(
      Exchange exchange,
      LearnedQuirks quirks,
      ModelChoice choice,
      Consumer<ModelChoice> conversion) {
    try {
      conversion.accept(choice);
    } catch (WindowExceededException e) {
      if (CallPlan.of(exchange) != null) {
        throw e;
      }
      ModelDirectory models =
          exchange.getContext().getRegistry().findSingleByType(ModelDirectory.class);
      quirks.retryWindow(choice.provider().getName(), choice.model());
      conversion.accept(models == null ? choice : models.renewed(choice));
    }
  }
}
