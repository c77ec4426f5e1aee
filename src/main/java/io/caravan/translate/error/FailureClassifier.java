package io.caravan.translate.error;

import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.FieldComplaint;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Classifies an upstream's error. Its words come before its status: hosted NIM sends 400 if a
 * function is down, llama.cpp 500 if a template refuses the conversation, Z.ai 429 if the account
 * is empty.
 */
final class FailureClassifier {
  /**
   * NVIDIA's words for a function that is down (tashfeenahmed/freellmapi#522,
   * decolua/9router#2527).
   */
  private static final Pattern DEGRADED = regex("degraded function");

  private static final Pattern TEMPLATE =
      regex(
          "jinja|raise_exception|templateerror|chat template|for this template"
              + "|failed to parse tool call arguments|roles must alternate"
              + "|system role not supported|json\\.exception");

  private static final Pattern BAD_GENERATION = regex("tool_use_failed");

  private static final Pattern NO_CREDIT_NAME =
      regex("insufficient_quota|exceeded_current_quota|insufficient_balance|insufficient_credits");

  private static final Pattern NO_CREDIT =
      regex(
          "insufficient (?:balance|credits?|funds)|requires more credits|out of credits"
              + "|credit balance|exceeded current quota|no resource package|余额不足");

  /**
   * The words of an empty account. Google also uses them for a limit that ends within a minute, and
   * then names the time to wait.
   */
  private static final Pattern QUOTA = regex("exceeded your current quota");

  private static final Pattern TEMPORARY = regex("resource_exhausted|retry in|try again in");

  private static final Pattern KEY =
      regex(
          "(?:invalid|incorrect|missing|expired|no) api[ _-]?key"
              + "|api[ _-]?key (?:is )?(?:not valid|invalid|missing|expired)"
              + "|invalid_api_key|api_key_invalid");

  private static final Pattern MODERATION = regex("flagged|moderation|content policy|safety");

  private static final Pattern NO_MODEL =
      regex(
          "model not exist|unknown model|not a valid model|model_not_found|model_decommissioned"
              + "|model ['\"`]?[a-z0-9][\\w./:@-]{0,120}['\"`]? (?:is not found|not found|does not exist"
              + "|has been decommissioned|has reached its end of life)");

  /**
   * OpenRouter's words if it has the model, but none of the model's providers supports the request.
   */
  private static final Pattern NO_ENDPOINT = regex("no endpoints found that support");

  private static final Pattern OVERLOADED =
      regex(
          "resource_?exhausted|overloaded|(?:are|is|too) busy|at capacity|no (?:available )?capacity"
              + "|no available (?:worker|server|instance)|queue (?:is )?full|maximum queue size"
              + "|loading model|model is loading");

  /** The words of Go's server and of nginx where a port has TLS and was called without. */
  private static final Pattern PLAIN_AT_TLS =
      regex("http request (?:was sent )?to (?:an )?https (?:server|port)");

  private FailureClassifier() {}

  static FailureKind of(UpstreamError error) {
    String text = error.message().toLowerCase(Locale.ROOT);
    String names = names(error);
    int status = status(error, names);
    if (isDegraded(text)) {
      return FailureKind.OVERLOADED;
    }
    if (isOutOfCredit(status, names, text)) {
      return FailureKind.OUT_OF_CREDIT;
    }
    if (status >= 500) {
      return ofServer(error, status, text);
    }
    return ofClient(error, status, names, text);
  }

  /** Returns whether hosted NIM says that the function behind the model is down. */
  static boolean isDegraded(String message) {
    return DEGRADED.matcher(message.toLowerCase(Locale.ROOT)).find();
  }

  private static FailureKind ofServer(UpstreamError error, int status, String text) {
    if (status == 501 || TEMPLATE.matcher(text).find()) {
      return FailureKind.BAD_REQUEST;
    }
    if (status == 500 && FieldComplaint.isAboutImages(error)) {
      return FailureKind.IMAGE;
    }
    if (status == 503 || status == 529 || OVERLOADED.matcher(text).find()) {
      return FailureKind.OVERLOADED;
    }
    // Cloudflare's 522 and 524 are timeouts, too.
    boolean timeout = status == 504 || status == 522 || status == 524;
    return timeout ? FailureKind.TIMED_OUT : FailureKind.SERVER_FAULT;
  }

  private static FailureKind ofClient(UpstreamError error, int status, String names, String text) {
    return switch (status) {
      case 401 -> FailureKind.KEY_REFUSED;
      case 403 ->
          MODERATION.matcher(text).find() ? FailureKind.BAD_REQUEST : FailureKind.KEY_REFUSED;
      case 404, 410 -> ofMissing(error, text);
      case 408 -> FailureKind.TIMED_OUT;
      case 409 -> FailureKind.SERVER_FAULT;
      case 413 -> FailureKind.REQUEST_TOO_LARGE;
      case 405, 407, 415 -> FailureKind.MISCONFIGURED;
      case 429 -> FailureKind.RATE_LIMITED;
      // Groq: no capacity for the flexible tier
      case 498 -> FailureKind.OVERLOADED;
      default -> status >= 400 ? ofRequest(error, names, text) : FailureKind.MISCONFIGURED;
    };
  }

  private static FailureKind ofMissing(UpstreamError error, String text) {
    if (FieldComplaint.isAboutImages(error)) {
      return FailureKind.IMAGE;
    }
    return NO_ENDPOINT.matcher(text).find() ? FailureKind.BAD_REQUEST : FailureKind.NO_SUCH_MODEL;
  }

  private static FailureKind ofRequest(UpstreamError error, String names, String text) {
    if (PLAIN_AT_TLS.matcher(text).find()) {
      return FailureKind.MISCONFIGURED;
    }
    if (KEY.matcher(text).find() || KEY.matcher(names).find()) {
      return FailureKind.KEY_REFUSED;
    }
    if (BAD_GENERATION.matcher(names).find()) {
      return FailureKind.BAD_GENERATION;
    }
    if (NO_MODEL.matcher(text).find() || NO_MODEL.matcher(names).find()) {
      return FailureKind.NO_SUCH_MODEL;
    }
    return FieldComplaint.isAboutImages(error) ? FailureKind.IMAGE : FailureKind.BAD_REQUEST;
  }

  private static boolean isOutOfCredit(int status, String names, String text) {
    if (status == 402 || NO_CREDIT_NAME.matcher(names).find()) {
      return true;
    }
    if (status >= 500 || status == 401) {
      return false;
    }
    boolean quota = QUOTA.matcher(text).find() && !TEMPORARY.matcher(names + " " + text).find();
    return quota || NO_CREDIT.matcher(text).find();
  }

  private static String names(UpstreamError error) {
    return (error.type() + " " + error.code()).toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the status, or the one that the upstream's class of error stands for, as in a stream.
   */
  static int status(UpstreamError error, String names) {
    if (error.status() >= 300) {
      return error.status();
    }
    String text = error.message().toLowerCase(Locale.ROOT);
    String n = names.replace("_", "").replace(" ", "");
    if (NO_CREDIT.matcher(text).find()) {
      return 402;
    } else if (n.contains("ratelimit")
        || n.contains("resourceexhausted")
        || text.contains("rate limit")) {
      return 429;
    } else if (n.contains("overloaded") || n.contains("unavailable")) {
      return 503;
    } else if (n.contains("timeout") || n.contains("deadline")) {
      return 504;
    } else if (n.contains("authentication") || n.contains("unauthenticated")) {
      return 401;
    } else if (n.contains("permission")) {
      return 403;
    } else if (n.contains("notfound")) {
      return 404;
    } else if (n.contains("invalidrequest")
        || n.contains("badrequest")
        || n.contains("invalidargument")) {
      return 400;
    }
    return 500;
  }

  private static Pattern regex(String regex) {
    return Pattern.compile(regex);
  }
}
