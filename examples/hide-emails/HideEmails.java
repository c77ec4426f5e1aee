import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Puts a made-up address in place of each e-mail address of a request's texts; ShowEmails puts them back into the response. */
public class HideEmails implements Processor {
  private static final Pattern EMAIL = Pattern.compile("[\\w.+-]+@(?!hidden\\.invalid)[\\w-]+(?:\\.[\\w-]+)+");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public void process(Exchange exchange) throws Exception {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    Map<String, String> hidden = new LinkedHashMap<>();
    JsonNode request = hide(JSON.readTree(body), hidden);
    if (!hidden.isEmpty()) {
      Map<String, String> shown = new LinkedHashMap<>();
      hidden.forEach((email, standIn) -> shown.put(standIn, email));
      exchange.setProperty(ShowEmails.SHOWN, shown);
      exchange.getMessage().setBody(JSON.writeValueAsBytes(request));
    }
  }

  private JsonNode hide(JsonNode node, Map<String, String> hidden) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(hide(field.getValue(), hidden)));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, hide(array.get(i), hidden));
      }
    } else if (node.isTextual()) {
      return new TextNode(EMAIL.matcher(node.textValue()).replaceAll(found -> standIn(found.group(), hidden)));
    }
    return node;
  }

  // Numbered as they come, so that the next turn of a conversation begins with the same bytes.
  private static String standIn(String email, Map<String, String> hidden) {
    return hidden.computeIfAbsent(email, each -> "person-" + (hidden.size() + 1) + "@hidden.invalid");
  }
}
