package io.caravan.local;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Answers requests for the title of a session with the user's first words, in the form that was
 * asked for.
 */
final class Titles {
  private static final int MOST_WORDS = 6;
  private static final int MOST_CHARACTERS = 50;
  private static final String SESSION = "<session>\n";
  private static final String SESSION_END = "\n</session>";

  /** Claude Code 1.0 and 2.0 also ask whether there is a new topic. */
  private static final String OLD_TASK =
      "Analyze if this message indicates a new conversation topic.";

  private static final Map<String, Object> SCHEMA =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("title", Map.of("type", "string")),
          "required",
          List.of("title"),
          "additionalProperties",
          false);

  private Titles() {}

  static LocalAnswer answer(MessagesRequest request) {
    SideQuestion question = SideQuestion.of(request);
    if (question == null) {
      return null;
    }
    return request.outputSchema() == null
        ? oldForm(question)
        : ofSession(question, request.outputSchema());
  }

  private static LocalAnswer ofSession(SideQuestion question, RawJson schema) {
    int end = question.text().indexOf(SESSION_END);
    boolean asked =
        question.text().startsWith(SESSION)
            && end > 0
            && question.prefill().isEmpty()
            && SCHEMA.equals(JsonTree.read(schema));
    if (!asked) {
      return null;
    }
    String title = title(question.text().substring(SESSION.length(), end));
    RawJson json = new JsonWriter(80).beginObject().field("title", title).endObject().finish();
    return LocalAnswer.of(LocalKind.TITLE, json.toString());
  }

  private static LocalAnswer oldForm(SideQuestion question) {
    boolean asked =
        question.task().startsWith(OLD_TASK)
            && (question.prefill().isEmpty() || question.prefill().equals("{"));
    if (!asked) {
      return null;
    }
    String json =
        new JsonWriter(100)
            .beginObject()
            .field("isNewTopic", true)
            .field("title", title(question.text()))
            .endObject()
            .finish()
            .toString();
    // The client appends the response to the beginning that it sent.
    return LocalAnswer.of(LocalKind.TITLE, json.substring(question.prefill().length()));
  }

  static String title(String text) {
    StringBuilder title = new StringBuilder();
    int words = 0;
    for (String word : text.replaceAll("<[^<>]*>", " ").strip().split("\\s+", -1)) {
      if (words == MOST_WORDS || title.length() + word.length() > MOST_CHARACTERS) {
        break;
      }
      title.append(words++ == 0 ? "" : " ").append(word);
    }
    if (title.isEmpty()) {
      return "New session";
    }
    return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
  }
}
