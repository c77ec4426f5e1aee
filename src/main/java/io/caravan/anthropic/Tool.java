package io.caravan.anthropic;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;

/**
 * A tool that the client declares.
 *
 * @param type null or {@code custom} for a client's own tool, else the built-in's versioned name
 *     ({@code web_search_20250305})
 * @param description the description, or null
 * @param inputSchema the JSON schema as it came; null if a built-in tool declares none
 * @param deferred {@code defer_loading}: the model must not see the tool before a {@link
 *     Block.ToolReference} names it
 * @param strict {@code strict}, or null if the client left it out
 */
public record Tool(
    String type,
    String name,
    JsonText description,
    RawJson inputSchema,
    boolean deferred,
    Boolean strict,
    RawJson json) {
  /** Returns whether this is the client's own tool and not one of the protocol's built-in tools. */
  public boolean custom() {
    return type == null || type.equals("custom");
  }
}
