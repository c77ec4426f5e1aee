package io.caravan.translate.request;

import io.caravan.json.JsonText;
import io.caravan.json.JsonWriter;
import io.caravan.provider.Dialect;
import io.caravan.provider.Filler;
import io.caravan.provider.ReasoningReplay;
import io.caravan.provider.SystemRole;
import io.caravan.translate.reasoning.Reasoning;
import io.caravan.translate.request.UpstreamMessage.Part;
import java.util.ArrayList;
import java.util.List;

/** Writes one message after the other. The bytes of a message depend on nothing else. */
final class MessageWriter {
  /** The value that Gemini accepts in place of a lost signature (Google's documentation). */
  private static final String NO_SIGNATURE = "skip_thought_signature_validator";

  private final JsonWriter json;
  private final Dialect dialect;

  MessageWriter(JsonWriter json, Dialect dialect) {
    this.json = json;
    this.dialect = dialect;
  }

  void write(UpstreamMessage message) {
    json.beginObject();
    if (message instanceof UpstreamMessage.Instructions system) {
      boolean developer = dialect.systemRole() == SystemRole.DEVELOPER;
      json.field("role", developer ? "developer" : "system").field("content", system.text());
    } else if (message instanceof UpstreamMessage.User user) {
      json.field("role", "user").name("content");
      userContent(user.parts());
    } else if (message instanceof UpstreamMessage.Tool tool) {
      json.field("role", "tool").field("tool_call_id", tool.callId()).field("content", tool.text());
    } else if (message instanceof UpstreamMessage.Assistant assistant) {
      assistant(assistant);
    }
    json.endObject();
  }

  /** Writes a user's content. Text alone is a string, since not every server accepts a list. */
  private void userContent(List<Part> parts) {
    List<Part> joined = joinTexts(parts);
    if (joined.size() == 1 && joined.get(0) instanceof Part.Text text) {
      json.value(text.text());
      return;
    }
    json.beginArray();
    for (Part part : joined) {
      json.beginObject();
      if (part instanceof Part.Text text) {
        json.field("type", "text").field("text", text.text());
      } else if (part instanceof Part.Image image) {
        json.field("type", "image_url").beginObject("image_url").field("url", image.url());
        json.endObject();
      } else if (part instanceof Part.File file) {
        json.field("type", "file").beginObject("file").field("filename", file.name());
        json.field("file_data", file.data()).endObject();
      }
      json.endObject();
    }
    json.endArray();
  }

  private static List<Part> joinTexts(List<Part> parts) {
    List<Part> joined = new ArrayList<>();
    List<JsonText> texts = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Text text) {
        texts.add(text.text());
      } else {
        flush(texts, joined);
        joined.add(part);
      }
    }
    flush(texts, joined);
    return joined;
  }

  private static void flush(List<JsonText> texts, List<Part> joined) {
    if (!texts.isEmpty()) {
      joined.add(new Part.Text(JsonText.join("\n\n", texts)));
      texts.clear();
    }
  }

  private void assistant(UpstreamMessage.Assistant message) {
    json.field("role", "assistant");
    JsonText text = message.text();
    boolean tags = dialect.reasoningReplay() == ReasoningReplay.THINK_TAGS;
    if (tags && message.reasoning() != null && !message.reasoning().text().isBlank()) {
      text = text.after("<think>\n" + message.reasoning().text() + "\n</think>\n\n");
    }
    if (!text.isBlank()) {
      json.field("content", text);
    } else {
      emptyContent(!message.calls().isEmpty());
    }
    reasoning(message.reasoning());
    if (!message.calls().isEmpty()) {
      json.beginArray("tool_calls");
      message.calls().forEach(this::call);
      json.endArray();
    }
    if (message.prefix()) {
      json.field("prefix", true);
    }
  }

  /**
   * Writes the content of a message without text. Without tool calls it has to be there, if only
   * empty.
   */
  private void emptyContent(boolean calls) {
    Filler filler = dialect.emptyContent();
    filler("content", calls || filler == Filler.SPACE ? filler : Filler.EMPTY);
  }

  private void filler(String field, Filler filler) {
    switch (filler) {
      case OMIT -> {}
      case NULL -> json.name(field).nullValue();
      case EMPTY -> json.field(field, "");
      case SPACE -> json.field(field, " ");
    }
  }

  private void reasoning(Reasoning reasoning) {
    switch (dialect.reasoningReplay()) {
      case REASONING_CONTENT -> reasoningText("reasoning_content", reasoning);
      case REASONING -> reasoningText("reasoning", reasoning);
      case REASONING_DETAILS -> reasoningDetails(reasoning);
      case NONE, THINK_TAGS -> {}
    }
  }

  private void reasoningText(String field, Reasoning reasoning) {
    if (reasoning != null && !reasoning.text().isEmpty()) {
      json.field(field, reasoning.text());
    } else {
      filler(field, dialect.reasoningFiller());
    }
  }

  private void reasoningDetails(Reasoning reasoning) {
    if (reasoning != null && reasoning.details() != null) {
      json.field("reasoning_details", reasoning.details());
    } else if (reasoning != null) {
      json.field("reasoning", reasoning.text());
    } else if (dialect.reasoningFiller() != Filler.OMIT) {
      json.beginArray("reasoning_details").endArray();
    }
  }

  private void call(UpstreamMessage.Call call) {
    json.beginObject().field("id", call.id()).field("type", "function").beginObject("function");
    json.field("name", call.name()).name("arguments").quoted(call.arguments()).endObject();
    if (dialect.thoughtSignatures()) {
      String signature = call.thoughtSignature();
      json.beginObject("extra_content").beginObject("google");
      json.field("thought_signature", signature == null ? NO_SIGNATURE : signature);
      json.endObject().endObject();
    }
    json.endObject();
  }
}
