package io.caravan.stage;

import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Answer;
import io.caravan.exchange.Attempts;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.Contract;
import io.caravan.exchange.Conversations;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.RequestSummary;
import io.caravan.exchange.ResponseHeaders;
import io.caravan.exchange.TranslationReport;
import io.caravan.provider.Dialect;
import io.caravan.provider.Dialects;
import io.caravan.provider.Protocol;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.ModelQuirks;
import io.caravan.provider.learned.Quirk;
import io.caravan.translate.request.PrefixMatch;
import io.caravan.translate.request.RequestTranslator;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.request.UpstreamRequest;
import io.caravan.translate.response.StreamSettings;
import java.util.List;
import java.util.Map;
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
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    ModelChoice choice = exchange.getProperty(Contract.MODEL, ModelChoice.class);
    ClientInfo client = exchange.getProperty(Contract.CLIENT, ClientInfo.UNKNOWN, ClientInfo.class);
    long tokens = exchange.getProperty(Contract.INPUT_TOKENS, 0L, Long.class);
    ModelQuirks learned = learned(exchange, choice, quirks);
    Dialect dialect = dialects.of(choice.provider(), choice.card(), learned.card());
    UpstreamRequest upstream =
        translator.translate(
            request,
            dialect,
            choice.model(),
            learned,
            new TranslationOptions(tokens, strict, conversations.memory(client)));
    exchange.setProperty(Contract.UPSTREAM_REQUEST, upstream);
    UpstreamFailures failures = new UpstreamFailures(exchange.getContext());
    exchange.setProperty(
        Contract.ANSWER,
        new Answer(
            StreamSettings.of(
                request, upstream, dialect, messageId(exchange), tokens, Convert::roughly),
            error -> failures.inStream(exchange, error)));
    exchange.setProperty(Contract.PROTOCOL, Protocol.OPENAI.name());
    exchange.setProperty(Contract.AGGREGATOR, new MessageAggregator());
    PrefixMatch prefix = conversations.track(client, upstream);
    tellLosses(exchange, upstream, prefix);
    tellPrefix(exchange, prefix);
    exchange.getMessage().setBody(upstream.body());
  }

  /** What is known of the model, and what this request's own first call has just taught. */
  static ModelQuirks learned(Exchange exchange, ModelChoice choice, LearnedQuirks quirks) {
    Attempts attempts = exchange.getProperty(Contract.ATTEMPTS, Attempts.class);
    List<Quirk> found = attempts == null ? List.of() : attempts.found();
    return quirks.with(choice.provider().getName(), choice.model(), found);
  }

  static String messageId(Exchange exchange) {
    String requestId = exchange.getProperty(Contract.REQUEST_ID, "", String.class);
    return requestId.startsWith("req_") ? "msg_" + requestId.substring(4) : requestId;
  }

  /**
   * Tells what the request lost, in a header and in metrics. A call before this one may have been
   * to an upstream that takes less, so that nothing lost has to be said as well.
   *
   * @param prefix null where nobody keeps track of it
   */
  static void tellLosses(Exchange exchange, UpstreamRequest upstream, PrefixMatch prefix) {
    Map<String, String> headers = ResponseHeaders.of(exchange);
    if (upstream.losses().isEmpty()) {
      headers.remove("caravan-lossy");
    } else {
      headers.put("caravan-lossy", upstream.losses().toString());
    }
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null) {
      tally.translated(TranslationReport.NONE.ofRequest(upstream.losses().counts(), prefix));
    }
  }

  /** Only where an upstream tells no usage. */
  private static long roughly(String text) {
    return (text.length() + 3L) / 4;
  }

  /**
   * How much of the prompt the upstream's own cache can know: the figure that decides over its
   * speed.
   */
  private static void tellPrefix(Exchange exchange, PrefixMatch match) {
    if (match.previous() > 0) {
      ResponseHeaders.of(exchange)
          .put("caravan-prefix", match.matched() + "/" + match.previous() + " bytes");
    }
  }
}
