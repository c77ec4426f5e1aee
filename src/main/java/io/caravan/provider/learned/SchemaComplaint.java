package io.caravan.provider.learned;

import io.caravan.openai.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A refusal that speaks of a schema. Each server has its own reader of schemas, and its own words
 * when that fails, down to those of a Python program that has met a value it did not expect.
 *
 * @param keywords the keywords of JSON Schema that the refusal names, in their order; those without
 *     which a schema has no meaning are not among them
 * @param missingProperties whether an object without {@code properties} was refused
 */
public record SchemaComplaint(List<String> keywords, boolean missingProperties) {
  /** The keywords that can be left out, by their names in small letters. */
  private static final Map<String, String> KEYWORDS =
      Stream.of(
              "pattern,patternProperties,additionalProperties,unevaluatedProperties",
              "unevaluatedItems,additionalItems,propertyNames,format,anyOf,oneOf,allOf,not,if,then",
              "else,const,default,examples,enum,title,nullable,minLength,maxLength,minimum,maximum",
              "exclusiveMinimum,exclusiveMaximum,multipleOf,minItems,maxItems,uniqueItems",
              "prefixItems,contains,minContains,maxContains,minProperties,maxProperties",
              "dependentRequired,dependentSchemas,dependencies,contentEncoding,contentMediaType",
              "deprecated,readOnly,writeOnly,$schema,$id,$anchor,$comment")
          .flatMap(line -> Stream.of(line.split(",", -1)))
          .collect(Collectors.toMap(name -> name.toLowerCase(Locale.ROOT), name -> name));

  /** The keywords that are everyday words, which count only in quotation marks or in a path. */
  private static final Set<String> EVERYDAY =
      Set.of(
          "not",
          "if",
          "then",
          "else",
          "default",
          "examples",
          "contains",
          "title",
          "minimum",
          "maximum",
          "format",
          "pattern",
          "deprecated",
          "dependencies");

  /** The words of servers about a schema. */
  private static final List<Pattern> WORDINGS =
      List.of(
          // OpenAI (raine/claude-code-proxy#142), Moonshot (MoonshotAI/kimi-cli#2531), Anthropic
          regex("(?<!\\w)(?:sub-?)?schemas?\\b"),
          // llama.cpp (lidge-jun/opencodex#2135), vLLM (noonghunna/club-3090#45)
          regex("grammar"),
          regex("not a '?regex|invalid (?:regex|regular expression|pattern)|regex parse error"),
          regex("look-?(?:around|ahead|behind)|bad escape|invalid group structure"),
          // Python in front of hosted NIM (openclaw/openclaw#78920, Kilo-Org/kilocode#9936)
          regex("unhashable type"),
          regex("'bool' object (?:has no|is not)|type 'bool' is not iterable"),
          regex("'(?:bool|list|str)' object has no attribute '(?:get|items|keys)'"),
          // The path of a validator: pydantic, zod (sipeed/picoclaw#2139), Google
          regex("parameters\\.(?:properties|type|required|items|\\$defs|additionalproperties)"),
          regex("function(?:\\.|, |\", ?\"|'\\]\\['|\"\\]\\[\")parameters"),
          regex("(?:input_schema|function_declarations\\[\\d+\\]\\.parameters)"),
          // TensorRT-LLM, guidance
          regex("unimplemented keys|unknown format"),
          regex("(?:additionalproperties|propertynames|patternproperties|anyof|oneof|allof)\\b"));

  private static final Pattern MISSING =
      regex(
          "missing properties|properties[`'\" ]{0,3}(?:field |key )?(?:is |are )?(?:missing|required)"
              + "|parameters(?:\\.|\", ?\"|, )properties\"?[^a-z]{0,8}(?:message\": ?\")?"
              + "(?:required|field required)");

  /** The words about other fields of the request that have schemas in their names. */
  private static final Pattern OTHER =
      regex("(?:json_schema|response_format\\.type)['\"`]? (?:is|are) (?:not|un)\\w*");

  private static final Pattern WORD = Pattern.compile("\\$?[A-Za-z]+");

  public SchemaComplaint {
    keywords = List.copyOf(keywords);
  }

  /** Reads a refusal; null if it doesn't speak of a schema. */
  public static SchemaComplaint of(UpstreamError error) {
    int status = error.status();
    boolean refusal =
        status < 300
            || status == 400
            || status == 404
            || status == 422
            || status == 500
            || status == 501;
    if (!refusal) {
      return null;
    }
    String text = error.message().toLowerCase(Locale.ROOT);
    boolean named =
        (error.code() != null && error.code().contains("function_parameters"))
            || (error.param() != null && error.param().matches("tools.{0,20}parameters.{0,99}"));
    if (!named && (OTHER.matcher(text).find() || !speaksOfSchemas(text))) {
      return null;
    }
    return new SchemaComplaint(keywords(error.message()), MISSING.matcher(text).find());
  }

  private static boolean speaksOfSchemas(String text) {
    return WORDINGS.stream().anyMatch(wording -> wording.matcher(text).find());
  }

  private static List<String> keywords(String message) {
    List<String> found = new ArrayList<>();
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("regex") || lower.contains("regular expression") || lower.contains("look")) {
      found.add("pattern");
      found.add("patternProperties");
    } else if (lower.contains("unknown format")) {
      found.add("format");
    }
    Matcher words = WORD.matcher(message);
    while (words.find()) {
      String word = words.group();
      String keyword = KEYWORDS.get(word.toLowerCase(Locale.ROOT));
      boolean counts =
          keyword != null
              && (!EVERYDAY.contains(keyword) || isQuoted(message, words.start(), words.end()));
      if (counts && !found.contains(keyword)) {
        found.add(keyword);
      }
    }
    return found;
  }

  private static boolean isQuoted(String message, int start, int end) {
    char before = start == 0 ? ' ' : message.charAt(start - 1);
    char after = end == message.length() ? ' ' : message.charAt(end);
    return "'\"`.[".indexOf(before) >= 0 || "'\"`]".indexOf(after) >= 0;
  }

  private static Pattern regex(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }
}
