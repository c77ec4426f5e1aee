package io.caravan.provider.learned;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads which rule of a model's chat template, or of a server's own check of a conversation, a
 * request has broken. The words are those of the templates of Mistral, Llama and Gemma and of
 * servers that serve the Messages API.
 */
final class TemplateComplaint {
  private static final Pattern ALTERNATING =
      regex(
          "roles? (?:must|should|need to|have to|has to|do not|don't) (?:strictly )?alternat"
              + "|must alternate|alternating (?:user|roles)|not alternat"
              + "|unexpected role .?user.? after role .?tool"
              + "|(?:consecutive|successive|adjacent) (?:messages|turns|.?user|.?assistant)"
              + "|multiple .{0,4}(?:user|assistant).{0,4} (?:roles|messages) in a row"
              + "|same role (?:twice|in a row|consecutively|in succession)");

  private static final Pattern NINE =
      regex(
          "alphanumeric.{0,40}\\blength (?:of )?9\\b|a-z, ?a-z, ?0-9.{0,40}length (?:of )?9\\b"
              + "|\\b9[- ](?:character|char|digit)s?.{0,20}alphanumeric"
              + "|alphanumeric.{0,20}\\b9 (?:characters|chars)"
              + "|ids?\\b.{0,60}exactly (?:9|nine) (?:alphanumeric |characters)");

  private static final Pattern SINGLE =
      regex(
          "only supports? (?:a )?single tool[- ]?calls?|only (?:supports? )?one tool[- ]?call"
              + "|(?:multiple|parallel|several) tool[- ]?calls? (?:are|is) (?:not (?:supported|allowed)"
              + "|unsupported)|(?:does not|doesn't|cannot|can't) (?:support|handle|take) (?:multiple"
              + "|parallel|several|more than one) tool[- ]?calls?|more than one tool[- ]?call");

  /** The words of Claude Code's own list, on which it takes its system turns back by itself. */
  private static final Pattern KNOWN_TO_CLIENTS = regex("input should be .user. or .assistant.");

  private static final Pattern SYSTEM =
      regex(
          "system role (?:is )?(?:not (?:supported|allowed)|unsupported)"
              + "|role'? does not support 'system'"
              + "|(?:does not|doesn't|cannot) (?:support|take|accept) (?:the )?.?system.?"
              + " (?:role|messages?|prompts?|turns?)"
              + "|system messages? (?:is|are) not (?:supported|allowed)"
              + "|(?:unknown|unexpected|invalid|unsupported) (?:message )?role:? ?.{0,4}system"
              + "|unknown variant .system."
              + "|role .{0,2}system.{0,2} (?:is )?(?:not (?:supported|allowed|valid)|invalid|unknown)"
              + "|system message must be (?:at the beginning|first|the first)"
              + "|only (?:the )?.?user.?(?:,| and| or) .?assistant.?(?:,? (?:and|or) .?tool.?)? roles?"
              + "|accepts a top-level .?system");

  /** A validator's complaint about the role of a message. */
  private static final Pattern ROLE =
      regex(
          "messages[.\\[]\\d{1,6}\\]?\\.role['\"]?:?.{0,80}(?:expected|should be|must be|one of)"
              + ".{0,30}user.{0,12}assistant(?!.{0,12}(?:system|developer))");

  private static final Pattern OF_BETA =
      regex("anthropic[-_]beta|beta (?:flag|header|feature|name)");

  private static final Pattern BETA =
      regex("(?<![\\w-])([a-z][a-z0-9-]{2,60}-20\\d\\d-\\d\\d-\\d\\d)(?![\\w-])");

  private TemplateComplaint() {}

  /** Returns the rules that a refusal names. */
  static List<Quirk> of(String text) {
    List<Quirk> found = new ArrayList<>();
    if (ALTERNATING.matcher(text).find()) {
      found.add(new Quirk.Template(Quirk.Template.Rule.ALTERNATING_ROLES));
    }
    if (NINE.matcher(text).find()) {
      found.add(new Quirk.Template(Quirk.Template.Rule.NINE_CHARACTER_IDS));
    }
    if (SINGLE.matcher(text).find()) {
      found.add(new Quirk.Template(Quirk.Template.Rule.SINGLE_TOOL_CALLS));
    }
    boolean system = SYSTEM.matcher(text).find() || ROLE.matcher(text).find();
    if (system && !KNOWN_TO_CLIENTS.matcher(text).find()) {
      found.add(new Quirk.SystemAsUser());
    }
    List<String> betas = betas(text);
    if (!betas.isEmpty()) {
      found.add(new Quirk.DropBetas(betas));
    }
    return found;
  }

  private static List<String> betas(String text) {
    List<String> names = new ArrayList<>();
    if (OF_BETA.matcher(text).find()) {
      Matcher m = BETA.matcher(text);
      while (m.find() && names.size() < 20) {
        if (!names.contains(m.group(1))) {
          names.add(m.group(1));
        }
      }
    }
    return names;
  }

  private static Pattern regex(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }
}
