package io.caravan.translate.error;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.FieldComplaint;
import io.caravan.provider.learned.Quirk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Translates an upstream's failures into the words that clients act on. Claude Code compacts its
 * conversation on {@code prompt is too long: A tokens > B maximum}, asks for a shorter response on
 * the two forms about {@code max_tokens}, takes the images out on {@code Could not process image},
 * and repeats a request up to ten times on other words (seen with 2.1.330). The upstream's own
 * words follow, without the secrets in them.
 */
public final class FailureTranslator {
  /** The word that makes Claude Code show "Not logged in" in place of the whole message. */
  private static final Pattern LOGIN_WORD = Pattern.compile("x-api-key", Pattern.CASE_INSENSITIVE);

  /** The words about a full window on which Claude Code acts. */
  private static final Pattern KNOWN_TO_CLIENTS =
      Pattern.compile(
          "prompt is too long|input length and `max_tokens` exceed context limit",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,64}");

  /** The longest wait for the same upstream. A longer one is left to another upstream. */
  private static final Duration LONG_WAIT = Duration.ofMinutes(1);

  /**
   * The longest wait for a client, which would be silent in the meantime. A longer one is left to a
   * person.
   */
  private static final Duration TOO_LONG_WAIT = Duration.ofMinutes(10);

  private static final Pattern DAILY = Pattern.compile("(?i)per day|daily|\\b[tr]pd\\b");

  /** The words of a 404 about what is called, and not about where. */
  private static final Pattern OF_MODEL =
      Pattern.compile("model|function|account|deployment|endpoints|engine");

  private final Secrets secrets;

  public FailureTranslator(Secrets secrets) {
    this.secrets = secrets;
  }

  /** Translates an error that the upstream reported, in its response or inside a stream. */
  public Failure translate(UpstreamError error, FailureContext context) {
    UpstreamError known = withStatus(error);
    ContextOverflow overflow = overflow(known, context);
    // A full window has one cure. The field that such an error names is not to be left out.
    List<Quirk> quirks =
        overflow != null
            ? new ArrayList<>()
            : new ArrayList<>(FieldComplaint.of(known, context.tokens().clientMax()));
    FailureKind kind = kind(known, overflow, quirks, context);
    learnWindow(kind, overflow, context, quirks);
    Duration after = kind.isTemporary() ? retryAfter(known, context) : null;
    Consequence consequence = kind.consequence();
    AnthropicException exception =
        new AnthropicException(
            consequence.type(),
            consequence.type().status(),
            message(kind, known, overflow, quirks, context),
            after,
            shouldRetry(kind, after, known),
            null);
    return new Failure(
        exception,
        retryability(kind, after),
        consequence.countsAgainstCircuit(),
        quirks,
        LastingFault.of(kind, known, context.quotesClient()),
        loggable(kind.name(), known));
  }

  /**
   * Translates the failure of a call that the upstream did not report itself.
   *
   * @param detail more for the client, such as the content type that came instead; or null
   * @param cause the cause, or null
   */
  public Failure translate(
      TransportFailure failure, String detail, Throwable cause, FailureContext context) {
    UpstreamFacts upstream = context.upstream();
    boolean page = !upstream.served() && detail != null && detail.contains("html");
    Consequence consequence = failure.consequence();
    ErrorType type = page ? ErrorType.API : consequence.type();
    AnthropicException exception =
        new AnthropicException(
            type,
            type.status(),
            clean(message(failure, detail, page, context)),
            null,
            page ? Boolean.FALSE : failure.shouldRetry(upstream),
            cause);
    String loggable =
        failure.name() + (cause == null ? "" : " " + cause.getClass().getSimpleName());
    boolean unreached = failure.isUnreached(upstream);
    return new Failure(
        exception,
        consequence.retryability(),
        // A circuit would hide what is wrong behind words of its own.
        consequence.countsAgainstCircuit() && !unreached,
        List.of(),
        unreached ? LastingFault.UNREACHED : null,
        loggable);
  }

  private static String message(
      TransportFailure failure, String detail, boolean page, FailureContext context) {
    String place = context.upstream().place();
    String more = detail == null || detail.isBlank() ? "" : " (" + detail + ")";
    String message = context.provider() + " " + failure.words() + more + ".";
    if (page) {
      return message + mayBeWrong(context);
    }
    boolean placed = failure.isOfPlace(context.upstream()) && !place.isEmpty();
    return placed ? message + " Its base URL is " + place + "." : message;
  }

  private static String sentence(String words) {
    return words.matches("(?s).*[.!?]") ? words : words + ".";
  }

  private static String mayBeWrong(FailureContext context) {
    String place = context.upstream().place();
    return " The base URL of "
        + context.provider()
        + " may be wrong"
        + (place.isEmpty() ? "" : ": " + place)
        + ".";
  }

  private static UpstreamError withStatus(UpstreamError error) {
    String names = (error.type() + " " + error.code()).toLowerCase(Locale.ROOT);
    int status = FailureClassifier.status(error, names);
    return status == error.status()
        ? error
        : new UpstreamError(status, error.type(), error.code(), error.message(), error.param());
  }

  private static FailureKind kind(
      UpstreamError error, ContextOverflow overflow, List<Quirk> quirks, FailureContext context) {
    if (overflow != null) {
      return overflow.fitsShorter(context)
          ? FailureKind.ANSWER_TOO_LONG
          : FailureKind.PROMPT_TOO_LONG;
    }
    FailureKind kind = FailureClassifier.of(error);
    if (kind == FailureKind.NO_SUCH_MODEL && isOfPath(error, context)) {
      return FailureKind.MISCONFIGURED;
    }
    boolean limited = quirks.stream().anyMatch(q -> q instanceof Quirk.LimitMaxTokens);
    return kind == FailureKind.BAD_REQUEST && limited ? FailureKind.MAX_TOKENS : kind;
  }

  /**
   * Returns whether a 404 is rather about the path: it names no model, and the base URL has never
   * served anything.
   */
  private static boolean isOfPath(UpstreamError error, FailureContext context) {
    String model = context.model();
    String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String words = error.message().toLowerCase(Locale.ROOT);
    return error.status() == 404
        && !context.upstream().served()
        && !words.contains(name)
        && !OF_MODEL.matcher(words + " " + error.type() + " " + error.code()).find();
  }

  private static ContextOverflow overflow(UpstreamError error, FailureContext context) {
    int status = error.status();
    // Gateways before the model answer 502 or 503 for a full window (earendil-works/pi's tests).
    boolean possible =
        status == 400 || status == 413 || status == 422 || status == 429 || status >= 500;
    if (!possible) {
      return null;
    }
    boolean mute = error.message().isEmpty() && (status == 400 || status == 413);
    if (mute && isNearlyFull(context)) {
      // Mistral and Cerebras refuse a prompt that is too long without any words.
      return ContextOverflow.UNKNOWN;
    }
    return ContextOverflow.of(error, context);
  }

  private static boolean isNearlyFull(FailureContext context) {
    return context.tokens().window() > 0
        && context.tokens().input() > context.tokens().window() / 10 * 9;
  }

  /** Learns the window if the error names it, and fits the completion's length to it once. */
  private static void learnWindow(
      FailureKind kind, ContextOverflow overflow, FailureContext context, List<Quirk> quirks) {
    if (overflow == null) {
      return;
    }
    long window = overflow.window();
    boolean ofPlan = overflow.total() > 0 && overflow.input() == 0;
    if (window >= 1024 && window <= Integer.MAX_VALUE && !ofPlan) {
      quirks.add(new Quirk.ContextWindow((int) window));
    }
    if (kind == FailureKind.ANSWER_TOO_LONG) {
      long left = overflow.knownWindow(context) - overflow.knownInput(context) - 1000;
      quirks.add(new Quirk.LimitMaxTokens((int) Math.min(left, Integer.MAX_VALUE), false));
    }
  }

  private static Retryability retryability(FailureKind kind, Duration after) {
    boolean wait = after != null && after.compareTo(LONG_WAIT) > 0;
    return wait ? Retryability.RETRY_ELSEWHERE : kind.consequence().retryability();
  }

  private static Boolean shouldRetry(FailureKind kind, Duration after, UpstreamError error) {
    boolean day = after == null && DAILY.matcher(error.message()).find();
    boolean tooLong = after != null && after.compareTo(TOO_LONG_WAIT) > 0;
    boolean temporary =
        kind.isTemporary() && !(kind == FailureKind.RATE_LIMITED && (day || tooLong));
    return temporary ? null : Boolean.FALSE;
  }

  private static Duration retryAfter(UpstreamError error, FailureContext context) {
    return RetryAfter.of(context.pause().after(), error.message(), context.pause().now());
  }

  private String message(
      FailureKind kind,
      UpstreamError error,
      ContextOverflow overflow,
      List<Quirk> quirks,
      FailureContext context) {
    String words = words(error);
    String own = context.provider() + ": " + words;
    String text =
        switch (kind) {
          case PROMPT_TOO_LONG -> tooLong(overflow, context) + " (" + own + ")";
          case ANSWER_TOO_LONG -> answerTooLong(overflow, context) + " (" + own + ")";
          case MAX_TOKENS -> maxTokens(quirks, context) + " (" + own + ")";
          case IMAGE -> "Could not process image (" + own + ")";
          case KEY_REFUSED -> keyRefused(error, words, context);
          case NO_SUCH_MODEL -> own + noSuchModel(error, context);
          case MISCONFIGURED -> sentence(own) + mayBeWrong(context);
          default -> own;
        };
    boolean verbatim =
        context.passThrough()
            && kind != FailureKind.KEY_REFUSED
            && kind != FailureKind.MISCONFIGURED;
    boolean unknown =
        (kind == FailureKind.PROMPT_TOO_LONG || kind == FailureKind.ANSWER_TOO_LONG)
            && !KNOWN_TO_CLIENTS.matcher(words).find();
    return clean(verbatim && !unknown ? words : text);
  }

  private static String words(UpstreamError error) {
    if (!error.message().isEmpty()) {
      return error.message();
    }
    return "HTTP " + error.status() + " without a message";
  }

  private static String tooLong(ContextOverflow overflow, FailureContext context) {
    long input = overflow.knownInput(context);
    long window = overflow.knownWindow(context);
    if (window == 0 && overflow.beyond() > 0) {
      window = input - overflow.beyond();
    }
    if (input <= 0 || window <= 0) {
      return "prompt is too long";
    }
    // The estimate can be below the limit that the upstream has found the prompt to exceed.
    long reported = Math.max(input, window + 1);
    return "prompt is too long: " + reported + " tokens > " + window + " maximum";
  }

  private static String answerTooLong(ContextOverflow overflow, FailureContext context) {
    return "input length and `max_tokens` exceed context limit: "
        + overflow.knownInput(context)
        + " + "
        + overflow.outputSent(context)
        + " > "
        + overflow.knownWindow(context)
        + ", decrease input length or `max_tokens` and try again";
  }

  private static String maxTokens(List<Quirk> quirks, FailureContext context) {
    int limit = 0;
    for (Quirk quirk : quirks) {
      if (quirk instanceof Quirk.LimitMaxTokens max) {
        limit = max.limit();
      }
    }
    long sent = context.tokens().clientMax() > 0 ? context.tokens().clientMax() : limit + 1L;
    return "max_tokens: "
        + sent
        + " > "
        + limit
        + ", which is the maximum allowed number of output tokens for "
        + context.model();
  }

  private static String keyRefused(UpstreamError error, String words, FailureContext context) {
    String setting =
        context.keySetting() == null
            ? "Check the key of provider " + context.provider() + "."
            : "Check " + context.keySetting() + ".";
    if (!context.upstream().keyed()) {
      return context.provider()
          + " wants a key, and none is set (HTTP "
          + error.status()
          + ": "
          + words
          + "). "
          + setting;
    }
    return context.provider()
        + " refused the key that this gateway calls it with (HTTP "
        + error.status()
        + ": "
        + words
        + "). "
        + setting;
  }

  private static String noSuchModel(UpstreamError error, FailureContext context) {
    String message = error.message();
    if (message.startsWith("404 page not found") || message.isEmpty()) {
      return " (" + context.model() + "). The base URL or the model's name may be wrong.";
    }
    boolean ended = error.status() == 410 || message.contains("end of life");
    return ended
        ? " Set another model in place of " + context.model() + "."
        : " (" + context.model() + ")";
  }

  private String clean(String message) {
    return LOGIN_WORD.matcher(secrets.mask(message)).replaceAll("API key");
  }

  private static String loggable(String kind, UpstreamError error) {
    StringBuilder log = new StringBuilder(kind).append(" status=").append(error.status());
    name(log, " type=", error.type());
    name(log, " code=", error.code());
    name(log, " param=", error.param());
    return log.toString();
  }

  /** Appends a name. Names come from upstreams, too; one of another form may be a quotation. */
  private static void name(StringBuilder log, String label, String name) {
    if (name != null) {
      log.append(label).append(NAME.matcher(name).matches() ? name : "?");
    }
  }
}
