package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.Conversations;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.TranslatedAnswer;
import io.caravan.exchange.TranslationReport;
import io.caravan.provider.Dialect;
import io.caravan.provider.Dialects;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.ModelQuirks;
import io.caravan.translate.request.PrefixMatch;
import io.caravan.translate.request.RequestTranslator;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.request.UpstreamRequest;
import io.caravan.translate.response.StreamSettings;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Writes the request as the provider takes it, and gets ready to understand the answer. */
public final class Convert implements Processor {
  private final RequestTranslator translator = new RequestTranslator();
  private final Dialects dialects = new Dialects();
  private LearnedQuirks quirks = new LearnedQuirks();
  private Conversations conversations = new Conversations();
  private boolean strict;

  /** Whether a request that would lose something on the way is refused instead. */
  public void setStrict(boolean strict) {
    this.strict = strict;
  }

  /** What is known of upstreams from their own complaints. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** What is remembered of conversations. */
  public void setConversations(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    ModelChoice choice = attempt.model();
    long tokens = GatewayRequest.inputTokens(exchange);
    ModelQuirks learned = learned(request, choice, quirks);
    Dialect dialect = dialects.of(choice.provider(), choice.card(), learned.card());
    UpstreamRequest upstream =
        translator.translate(
            request.message(),
            dialect,
            choice.model(),
            learned,
            new TranslationOptions(tokens, strict, conversations.memory(request.client())));
    StreamSettings settings =
        StreamSettings.of(
            request.message(), upstream, dialect, request.messageId(), tokens, Convert::roughly);
    UpstreamFailures failures = new UpstreamFailures(exchange.getContext());
    attempt.prepare(
        exchange,
        Provider.OPENAI,
        upstream,
        new TranslatedAnswer(settings, error -> failures.inStream(exchange, error)));
    PrefixMatch prefix = conversations.track(request.client(), upstream);
    reportLosses(request, upstream, prefix);
    reportPrefix(request, prefix);
  }

  /** Returns what is known of the model, and what this request's own first call has just taught. */
  static ModelQuirks learned(GatewayRequest request, ModelChoice choice, LearnedQuirks quirks) {
    return quirks.with(
        request.client().tenant(),
        choice.provider().getName(),
        choice.model(),
        request.attempts().found());
  }

  /**
   * Reports what the request lost, in a header and in metrics. A call before this one may have been
   * to an upstream that takes less, so that nothing lost has to be said as well.
   *
   * @param prefix null where nobody keeps track of it
   */
  static void reportLosses(GatewayRequest request, UpstreamRequest upstream, PrefixMatch prefix) {
    if (upstream.losses().isEmpty()) {
      request.headers().remove("caravan-lossy");
    } else {
      request.headers().put("caravan-lossy", upstream.losses().toString());
    }
    request
        .summary()
        .translated(TranslationReport.NONE.ofRequest(upstream.losses().counts(), prefix));
  }

  /** Estimates where an upstream names no usage. */
  private static long roughly(String text) {
    return (text.length() + 3L) / 4;
  }

  /**
   * Reports how much of the prompt the upstream's own cache can know: the figure that decides over
   * its speed.
   */
  private static void reportPrefix(GatewayRequest request, PrefixMatch match) {
    if (match.previous() > 0) {
      request.headers().put("caravan-prefix", match.matched() + "/" + match.previous() + " bytes");
    }
  }
}
