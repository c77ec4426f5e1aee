package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallPlan;
import io.caravan.exchange.Contract;
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
import io.caravan.translate.request.Substitutes;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.request.UpstreamRequest;
import io.caravan.translate.response.MalformedCall;
import io.caravan.translate.response.StreamSettings;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Converts the request into the provider's dialect of OpenAI's protocol, and prepares the
 * translation of the stream.
 */
public final class Convert implements Processor {
  private static final LossLog LOSSES = new LossLog();

  private final RequestTranslator translator = new RequestTranslator();
  private final Dialects dialects = new Dialects();
  private LearnedQuirks quirks = new LearnedQuirks();
  private Conversations conversations = new Conversations();
  private boolean strict;

  /** Sets whether a request is refused if its translation would lose something. */
  public void setStrict(boolean strict) {
    this.strict = strict;
  }

  /** Sets the quirks that upstreams' complaints have shown. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** Sets the memory of conversations. */
  public void setConversations(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public void process(Exchange exchange) {
    Windows.fit(
        exchange, quirks, Attempt.of(exchange).model(), choice -> convert(exchange, choice));
  }

  private void convert(Exchange exchange, ModelChoice choice) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    long tokens = GatewayRequest.inputTokens(exchange);
    ModelQuirks learned = learned(request, choice, quirks);
    Dialect dialect = dialects.of(choice.provider(), choice.card(), learned.card());
    UpstreamRequest upstream =
        translator.translate(
            request.message(),
            dialect,
            choice.model(),
            learned,
            new TranslationOptions(
                tokens,
                strict,
                conversations.memory(request.client()),
                exchange.getProperty(Contract.SUBSTITUTES, Substitutes.NONE, Substitutes.class)));
    StreamSettings settings =
        StreamSettings.of(
                request.message(),
                upstream,
                dialect,
                request.messageId(),
                tokens,
                Convert::estimate)
            .withThinkTags(MarkupDocuments.of(exchange.getContext()).thinkTags())
            .with(malformedCall(request));
    UpstreamFailures failures = new UpstreamFailures(exchange.getContext());
    TranslatedAnswer answer =
        new TranslatedAnswer(
            request.keepsReasoningApart() ? settings.withThinking() : settings,
            error -> failures.inStream(exchange, error));
    if (request.hasMessageStarted()) {
      answer.resume();
    }
    attempt.prepare(exchange, Provider.OPENAI, upstream, answer);
    if (CallPlan.of(exchange) == null) {
      PrefixMatch prefix = conversations.track(request.client(), upstream);
      reportLosses(request, choice, upstream, prefix);
      reportPrefix(request, prefix);
    }
  }

  /**
   * Returns the treatment of a call whose arguments are no JSON object, by the client's ability.
   */
  private static MalformedCall malformedCall(GatewayRequest request) {
    if (request.client().isClaudeCode()) {
      return MalformedCall.PASS_ON;
    }
    if (request.isBeside() || request.attempts().isCalledOnceMore()) {
      return MalformedCall.FAIL;
    }
    return request.message().stream() ? MalformedCall.REPEAT_UNSENT : MalformedCall.REPEAT;
  }

  /**
   * Returns the learned quirks of the model, with those that this request's calls have shown; none
   * for a call of the gateway's own, whose form no upstream's complaint may change.
   */
  public static ModelQuirks learned(
      GatewayRequest request, ModelChoice choice, LearnedQuirks quirks) {
    if (request.isBeside()) {
      return ModelQuirks.NONE;
    }
    return quirks.with(
        request.client().tenant(),
        choice.provider().getName(),
        choice.model(),
        request.attempts().found());
  }

  /**
   * Reports the losses of the request in a header, in metrics and in the log. An earlier attempt
   * may have been at an upstream with more losses, so the header is removed if there are none now.
   *
   * @param prefix the part of the prompt that the upstream has seen before, or null if not tracked
   */
  static void reportLosses(
      GatewayRequest request, ModelChoice model, UpstreamRequest upstream, PrefixMatch prefix) {
    if (upstream.losses().isEmpty()) {
      request.headers().remove("caravan-lossy");
    } else {
      LOSSES.log(request, model, upstream.losses());
      request.headers().put("caravan-lossy", upstream.losses().toString());
    }
    request
        .summary()
        .translated(TranslationReport.NONE.ofRequest(upstream.losses().counts(), prefix));
  }

  /** Estimates the tokens of a text, if the upstream reports no usage. */
  private static long estimate(String text) {
    return (text.length() + 3L) / 4;
  }

  /** Reports the part of the prompt that the upstream's cache may have, which decides its speed. */
  private static void reportPrefix(GatewayRequest request, PrefixMatch match) {
    if (match.previous() > 0) {
      request.headers().put("caravan-prefix", match.matched() + "/" + match.previous() + " bytes");
    }
  }
}
