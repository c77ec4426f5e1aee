package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.Reasons;
import io.caravan.http.AbortReason;
import io.caravan.http.TlsFault;
import io.caravan.http.Unreachable;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamIoException;
import io.caravan.json.RawJson;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.BaseUrl;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.Quirk;
import io.caravan.provider.learned.Quotation;
import io.caravan.settings.SettingOrigin;
import io.caravan.translate.error.Failure;
import io.caravan.translate.error.FailureContext;
import io.caravan.translate.error.FailureTranslator;
import io.caravan.translate.error.Secrets;
import io.caravan.translate.error.TransportFailure;
import io.caravan.translate.error.UpstreamFacts;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/** Translates failures of upstreams into errors of Anthropic's API. */
final class UpstreamFailures {
  private final Secrets secrets;
  private final FailureTranslator translator;

  UpstreamFailures(CamelContext context) {
    secrets = new Secrets(() -> keys(context));
    translator = new FailureTranslator(secrets);
  }

  private static Collection<String> keys(CamelContext context) {
    return context.getRegistry().findByType(Provider.class).stream()
        .flatMap(provider -> provider.secrets().stream())
        .collect(Collectors.toSet());
  }

  /** Returns the failure of a call whose response has another status than 200. */
  CallFailedException refused(Exchange exchange, int status, UpstreamCall call) {
    byte[] body = call.readUpTo(ErrorBodies.MAX_BODY);
    UpstreamError error = secrets.mask(error(status, call, body));
    FailureContext context =
        context(exchange)
            .retryAfter(call.header("retry-after"), Instant.now())
            .quotesClient(quotes(exchange, error));
    RawJson details = context.passThrough() ? secrets.mask(ErrorBody.details(body)) : null;
    Failure failure = withLessons(exchange, error, translator.translate(error, context));
    return new CallFailedException(failure, error, details, null);
  }

  private static UpstreamError error(int status, UpstreamCall call, byte[] body) {
    String location = call.header("location");
    return status >= 300 && status < 400 && location != null
        ? new UpstreamError(status, null, null, "it redirects to " + location, null)
        : ErrorBodies.parse(status, call.header("content-type"), body);
  }

  private static boolean quotes(Exchange exchange, UpstreamError error) {
    return Quotation.isIn(error.message(), Attempt.of(exchange).request().body());
  }

  /** Returns the failure of a call whose stream, at status 200, reports an error. */
  CallFailedException inStream(Exchange exchange, UpstreamError reported) {
    UpstreamError error = secrets.mask(reported);
    Failure failure = translator.translate(error, context(exchange));
    return new CallFailedException(withLessons(exchange, error, failure), error, null);
  }

  /** Adds what the refusal teaches about the request that was refused. */
  private static Failure withLessons(Exchange exchange, UpstreamError error, Failure failure) {
    return failure.withQuirks(Attempt.of(exchange).request().lessons(error, failure.quirks()));
  }

  /**
   * Returns the failure of a call whose response, at status 200, has nothing of a completion. It
   * may be the page of a proxy.
   */
  CallFailedException empty(Exchange exchange, UpstreamCall call) {
    String type = call.header("content-type");
    String detail = type == null || type.startsWith("text/event-stream") ? null : type;
    Failure failure =
        translator.translate(TransportFailure.CUT_OFF, detail, null, context(exchange));
    return new CallFailedException(failure, null, null);
  }

  /**
   * Returns the error for an upstream's error after content was sent, when no retry is possible.
   */
  static AnthropicException afterContent(Exchange exchange, UpstreamError error) {
    CallFailedException failed =
        new UpstreamFailures(exchange.getContext()).inStream(exchange, error);
    GatewayRequest.of(exchange).summary().because(Reasons.of(failed));
    return new AnthropicException(
        failed.type(),
        failed.status(),
        failed.getMessage(),
        failed.retryAfter(),
        failed.shouldRetry(),
        failed.getCause());
  }

  /** Returns the failure of a call that broke below HTTP, or whose response is malformed. */
  CallFailedException broken(Exchange exchange, RuntimeException fault) {
    Throwable cause = fault.getCause() == null ? fault : fault.getCause();
    String url = Attempt.of(exchange).model().provider().getBaseUrl();
    BaseUrl.Fault wrong = BaseUrl.fault(url);
    TransportFailure kind = wrong == null ? kind(fault, cause) : TransportFailure.BASE_URL;
    String detail =
        switch (kind) {
          case BASE_URL -> "its base URL " + wrong.words();
          case CONNECT, TLS -> Unreachable.words(cause, url);
          default -> cause instanceof SSLException ? Unreachable.words(cause, url) : null;
        };
    Failure failure = translator.translate(kind, detail, cause, context(exchange));
    return new CallFailedException(failure, null, fault);
  }

  /** Returns the error for a call that is aborted because the gateway is shutting down. */
  static AnthropicException stopping() {
    return new AnthropicException(
        ErrorType.OVERLOADED,
        ErrorType.OVERLOADED.status(),
        "The gateway is being stopped",
        Duration.ofSeconds(5),
        null,
        null);
  }

  private static TransportFailure kind(RuntimeException fault, Throwable cause) {
    if (fault instanceof MalformedStreamException malformed) {
      return malformed.isCutOff() ? TransportFailure.CUT_OFF : TransportFailure.BAD_CONTENT;
    }
    AbortReason reason = fault instanceof UpstreamIoException io ? io.reason() : null;
    if (reason != null) {
      return switch (reason) {
        case FIRST_BYTE_TIMEOUT -> TransportFailure.FIRST_BYTE_TIMEOUT;
        case IDLE_TIMEOUT -> TransportFailure.IDLE_TIMEOUT;
        case TOTAL_TIMEOUT -> TransportFailure.TOTAL_TIMEOUT;
        case CLIENT_GONE, NOT_NEEDED, STOPPING -> TransportFailure.RESET;
      };
    }
    if (cause instanceof UnknownHostException) {
      return TransportFailure.DNS;
    }
    if (cause instanceof SSLException tls) {
      return TlsFault.of(tls).passes() ? TransportFailure.RESET : TransportFailure.TLS;
    }
    if (cause instanceof ConnectionRequestTimeoutException) {
      return TransportFailure.POOL;
    }
    if (cause instanceof java.net.ConnectException
        || cause instanceof java.net.NoRouteToHostException
        || (cause instanceof java.net.SocketTimeoutException
            && fault instanceof UpstreamIoException io
            && !io.answered())) {
      return TransportFailure.CONNECT;
    }
    return cause instanceof IOException ? TransportFailure.RESET : TransportFailure.BAD_CONTENT;
  }

  private static FailureContext context(Exchange exchange) {
    ModelChoice choice = Attempt.of(exchange).model();
    Provider provider = choice.provider();
    GatewayRequest request = GatewayRequest.of(exchange);
    Integer maxTokens = request.message().maxTokens();
    ModelCard card = choice.card();
    Integer window = card == null ? null : card.getContextWindow();
    return FailureContext.of(provider.getName(), choice.fullName())
        .upstream(facts(exchange.getContext(), provider))
        .passThrough(provider.speaksMessages())
        .keySetting(provider.getKeySetting())
        .sizes(
            window == null ? 0 : window,
            GatewayRequest.inputTokens(exchange),
            maxTokens == null ? 0 : maxTokens)
        .sentMaxTokens(sentMaxTokens(request, maxTokens == null ? 0 : maxTokens));
  }

  private static UpstreamFacts facts(CamelContext context, Provider provider) {
    return new UpstreamFacts(
        BaseUrl.shown(provider.getBaseUrl()),
        SettingOrigin.ofBean(context, provider.getName(), "baseUrl").inBrackets(),
        provider.hasAnswered(),
        provider.hasServed(),
        provider.hasKey());
  }

  /** Returns the limit of the completion that was sent: less than the client's after a refusal. */
  private static long sentMaxTokens(GatewayRequest request, int clients) {
    long sent = clients;
    for (Quirk quirk : request.attempts().found()) {
      if (quirk instanceof Quirk.LimitMaxTokens max && sent > 0) {
        sent = Math.min(sent, max.limit());
      }
    }
    return sent;
  }

  /** Returns the error for a failure in the middle of a stream. */
  static AnthropicException midStream(Exchange exchange, RuntimeException fault) {
    return new UpstreamFailures(exchange.getContext()).broken(exchange, fault);
  }
}
