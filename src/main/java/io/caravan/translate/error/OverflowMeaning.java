package io.caravan.translate.error;

import io.caravan.openai.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands a refusal of a prompt that is too long in words that nobody has listed: it is about
 * the prompt or its tokens, says that something exceeds something, and mostly names two numbers, of
 * which the smaller is the limit. Refusals of other things that have a limit, too, are told apart:
 * a rate, a quota, the completion, an image, a tool's schema.
 */
final class OverflowMeaning {
  /** The least number that can be a length. Smaller ones are statuses, indexes and counts. */
  private static final long LEAST_NUMBER = 256;

  private static final Pattern SUBJECT =
      regex(
          "\\bprompts?\\b|\\bprompt[_ ](?:tokens?|length|len)\\b|\\binputs?\\b"
              + "|\\binput[_ ](?:tokens?|length|len|text)\\b|\\bcontext[_ -]?(?:length|len|window|size"
              + "|limit|tokens?|overflow)|\\b(?:max(?:imum)?|model(?:'s)?|the) context\\b"
              + "|\\bout ?of ?context|\\bconversation\\b|\\bchat history\\b"
              + "|\\bmessages?[_ ](?:size|length|tokens|content|history)\\b|\\bmessages\\b"
              + "|\\b(?:user|one|your|the) message\\b|\\bsequence[_ ]length\\b|\\bmax_seq_len\\b"
              + "|\\bsession_len\\b|\\bn_ctx\\w*|\\btotal (?:number of )?tokens\\b"
              + "|\\b(?:number of|requested) tokens\\b|\\btoken[_ ](?:count|limit|length|number)"
              + "|\\btokens in (?:the |your )?(?:request|prompt|input)\\b"
              + "|\\btoo many (?:input |prompt )?tokens\\b|\\b(?:text|query|question|content) (?:is"
              + "|length)\\b|\\brequest (?:has|contains|length|body|size|is)\\b|\\brequest too\\b"
              + "|\\bmax input\\b|上下文|输入|提示词|对话|消息|文本|请求内容|prompt");

  private static final Pattern UNIT =
      regex(
          "token|length|\\blen\\b|_len\\b|\\blong\\b|context|window|character|\\bchars?\\b"
              + "|\\dchars?\\b|message size|prompt size|input size|字符|字数|长|上下文|过大");

  private static final Pattern EXCESS =
      regex(
          "exceed|too (?:long|large|many|big)|(?:longer|greater|larger|bigger|more|higher) than"
              + "|overflow|over (?:the |its )?(?:limit|maximum|max)\\b|beyond|surpass|out ?of ?context"
              + "|(?:does|do|did|can)(?:n't| not|not|'t) fit|not enough (?:context|room|space)"
              + "|(?:must|should|shall|needs? to|ha(?:s|ve) to|may|can)(?: only)? (?:be |have )?(?:not"
              + " |n't )?(?:less|fewer|smaller|shorter|lower|below|under|at most|within|exceed|<)"
              + "|cannot be (?:more|longer|larger)|only (?:supports|accepts|allows|handles)"
              + "|(?:at most|up to|only|maximum of|limited to) [\\d,]+\\b.{0,60}\\b(?:got|given|received|but"
              + "|has|have|requested|provided)\\b|but the (?:configured |model's |maximum )?context|超出|超过|超长|超限|过长|太长|过大|上限"
              + "|大于|\\d ?> ?\\d");

  /** Limits of other things. Each has its own cure, or none. */
  private static final Pattern OTHER =
      regex(
          "per (?:minute|second|hour|day|week|month)|\\b(?:minute|hour|day)s?\\b|/ ?(?:min|hour|day|s)\\b"
              + "|\\b[tr]p[mdshw]\\b|rate[ _-]?limit|throttl|too many requests|quota|credit|billing"
              + "|balance|budget|please wait|try again (?:in|later)|retry (?:after|in)|concurren|deadline"
              + "|context cancel|timed? ?out|\\bqueue|max retries|header|\\burl\\b|\\buri\\b|recursion"
              + "|每分钟|频率|限流|余额|并发");

  /** A complaint about the completion's own limit. */
  private static final Pattern OUTPUT =
      regex(
          "max[_ ](?:completion_|output_|new_)?tokens|maximum (?:output |completion )?tokens"
              + "|maxtokens|(?:output|completion) tokens|max_output|num_predict|thinking");

  /** Words that are about the prompt although the completion's limit is named, too. */
  private static final Pattern PROMPT =
      regex(
          "\\bprompts?\\b|\\binputs?\\b|context|\\bmessages?\\b|prompt_len|conversation|message tokens"
              + "|in request|上下文|输入");

  /** A complaint about one part of the request, in the words of validators. */
  private static final Pattern PART =
      regex(
          "string too long|string_above_max|array too long|array_above_max|(?:string|list|array|tuple"
              + "|value) should (?:have|be) |maxlength|maxitems|too_long|at most \\d+ (?:item|element)"
              + "|\\btools?\\b|\\bfunctions?\\b|schema|\\bparameters?\\[|description|\\bname\\b|stop"
              + " sequence|\\bids?\\b|temperature|penalty|logprobs|metadata|enum");

  /** The part that is the prompt itself: the content of a message. */
  private static final Pattern CONTENT =
      regex(
          "\\b(?:messages|input)[.\\[]{1,2}\\d+\\]?\\.(?:\\w+\\.)?content[\\w.\\[\\]]{0,40}['\"`]?\\s?:"
              + "|#/(?:messages|texts|prompt|input)\\b");

  private static final Pattern CHARACTERS = regex("character|\\d ?chars?\\b|字符|字数|\\bbytes\\b");

  private static final Pattern IMAGE =
      regex("\\bimages?\\b|picture|photo|pixel|\\bpdf\\b|\\baudio\\b|\\bvideo\\b|attachment|图片");

  private static final Pattern BYTES = regex("\\bbytes?\\b|\\d ?[kmg]i?b\\b|megabyte");

  private static final Pattern NUMBER =
      regex(
          "(?<![\\w./:#-])(\\d{1,3}(?:[, _]\\d{3}){1,4}|\\d{1,12})(?:\\.0+)?(?: ?(k)\\b)?(?![\\w/:-]|\\.\\d)");

  private static final Pattern BY = regex("\\bby (?:about |at least )?(\\d[\\d,]{0,11})\\b");

  private static final Pattern LIMIT =
      regex(
          "(?:max\\w*|limit\\w*|only|at most|up to|no more than|than|exceeds?|allowed|window|<=?"
              + "|>)[ :=('\"`a-z_-]{0,40}$");

  private static final Pattern LIMIT_BEHIND =
      regex("^(?: tokens?| characters?)?[ )]{0,2}(?:max|limit|allowed|context)");

  private static final Pattern REQUEST_ID = regex("request[ _-]?id\\b\\W{0,4}[\\w-]*");

  private final boolean other;
  private final boolean said;
  private final boolean weak;
  private final boolean characters;
  private final long limit;
  private final long given;
  private final long beyond;

  private OverflowMeaning(
      boolean other,
      boolean said,
      boolean weak,
      boolean characters,
      long limit,
      long given,
      long beyond) {
    this.other = other;
    this.said = said;
    this.weak = weak;
    this.characters = characters;
    this.limit = limit;
    this.given = given;
    this.beyond = beyond;
  }

  /**
   * Returns a message in lower case, with the marks taken out that JSON in JSON and Python's repr
   * leave in it.
   */
  static String plain(String message) {
    String plain =
        message
            .toLowerCase(Locale.ROOT)
            .replace("\\u0027", "'")
            .replace("\\n", " ")
            .replace("\\", "")
            .replace('’', '\'');
    return REQUEST_ID.matcher(plain).replaceAll("");
  }

  /**
   * Reads a message.
   *
   * @param text the message as {@link #plain} returns it
   */
  static OverflowMeaning of(String text, UpstreamError error) {
    // "Input should be less than …" is pydantic's name for any value.
    String words = text.replace("input should", "value should").replace("extra inputs", "extras");
    boolean characters = CHARACTERS.matcher(words).find() && !words.contains("token");
    boolean ofPassed = words.contains("input characters");
    boolean other = isOther(words, error);
    boolean possible = EXCESS.matcher(words).find() && !other;
    boolean said =
        possible
            && (SUBJECT.matcher(words).find() || CONTENT.matcher(words).find())
            && UNIT.matcher(words).find();
    Numbers numbers = Numbers.of(words);
    boolean weak =
        possible && !said && UNIT.matcher(words).find() && numbers.limit > 0 && numbers.given > 0;
    return new OverflowMeaning(
        other, said, weak, characters || ofPassed, numbers.limit, numbers.given, numbers.beyond);
  }

  private static boolean isOther(String words, UpstreamError error) {
    boolean content = CONTENT.matcher(words).find();
    boolean ofParam = error.param() != null && isPart(error.param().toLowerCase(Locale.ROOT));
    boolean tokens = words.contains("token");
    return OTHER.matcher(words).find()
        || (OUTPUT.matcher(words).find() && !PROMPT.matcher(words).find())
        || ((PART.matcher(words).find() || ofParam) && !content)
        || (IMAGE.matcher(words).find() && !tokens && !words.contains("context"))
        || (BYTES.matcher(words).find()
            && !tokens
            && !words.contains("message size")
            && !words.contains("prompt"));
  }

  private static boolean isPart(String param) {
    return param.startsWith("tool")
        || param.startsWith("response_format")
        || param.startsWith("stop")
        || param.startsWith("metadata")
        || param.startsWith("user")
        || param.startsWith("max_")
        || param.startsWith("n");
  }

  /**
   * Returns whether it means that a prompt is too long. If it doesn't name the prompt, the call's
   * own count decides.
   */
  boolean isOverflow(FailureContext context) {
    return said || (weak && isNear(context));
  }

  /** Returns whether it is about another limit than that of the prompt. */
  boolean isOther() {
    return other;
  }

  /** Returns whether the limit is one of characters. */
  boolean inCharacters() {
    return characters;
  }

  /** Returns the limit, or 0 if none is named. */
  long limit() {
    return limit;
  }

  /** Returns the length of the prompt, or 0 if it isn't named. */
  long given() {
    return given;
  }

  /** Returns by how much the prompt is too long, or 0 if that isn't named. */
  long beyond() {
    return beyond;
  }

  /**
   * Returns whether a call is nowhere near a limit: prompt and completion together have less than
   * half of it. Vocabularies differ by less.
   */
  static boolean isFar(long limit, FailureContext context) {
    long size = context.tokens().input() + context.tokens().max();
    return limit > 0 && context.tokens().input() > 0 && size < limit / 2;
  }

  private boolean isNear(FailureContext context) {
    // A token has some four characters.
    long tokens = characters ? limit / 4 : limit;
    return context.tokens().input() > 0 && !isFar(tokens, context);
  }

  /** The numbers of a message by what they are. */
  private record Numbers(long limit, long given, long beyond) {
    static Numbers of(String words) {
      Matcher by = BY.matcher(words);
      long beyond = by.find() ? parse(by.group(1)) : 0;
      List<Long> all = new ArrayList<>();
      long limit = 0;
      Matcher m = NUMBER.matcher(words);
      while (m.find()) {
        long number = parse(m.group(1)) * (m.group(2) == null ? 1 : 1000);
        boolean status = number >= 400 && number < 600;
        if (number < LEAST_NUMBER || status || number == beyond || number > Integer.MAX_VALUE) {
          continue;
        }
        all.add(number);
        String before = words.substring(Math.max(0, m.start() - 60), m.start());
        boolean marked = LIMIT.matcher(before).find();
        if (limit == 0 && (marked || LIMIT_BEHIND.matcher(words.substring(m.end())).find())) {
          limit = number;
        }
      }
      long most = all.stream().mapToLong(Long::longValue).max().orElse(0);
      long least = all.stream().mapToLong(Long::longValue).min().orElse(0);
      if (most > least && (limit == 0 || limit == most || all.stream().distinct().count() == 2)) {
        limit = least;
      }
      return new Numbers(limit, most > limit && limit > 0 ? most : 0, beyond);
    }

    private static long parse(String digits) {
      return Long.parseLong(digits.replaceAll("[, _]", ""));
    }
  }

  private static Pattern regex(String regex) {
    return Pattern.compile(regex);
  }
}
