package io.caravan.anthropic;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;

/**
 * A tool that the client declares.
 *
 * @param type null or {@code custom} for a client's own tool, else the built-in's versioned name
 *     ({@code web_search_20250305})
 * @param description null where there is none
 * @param inputSchema JSON schema as it came; null where a built-in declares none
 * @param deferred {@code defer_loading}: not to be shown to the model before a {@link
 *     Block.ToolReference} names it
 * @param strict null where the client didn't say
 */
public record Tool(
    String type,
    String name,
    JsonText description,
    RawJson inputSchema,
    boolean deferred,
    Boolean strict,
    RawJson json) {
  /** Whether it is a tool of the client's own, not one of the protocol's built-ins. */
  public boolean custom() {
    return type == null || type.equals("custom");
  }
}
