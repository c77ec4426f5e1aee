package io.caravan.provider;

import java.util.Objects;

/**
 * The abilities of one model, and its differences from its {@link Provider}. It is a bean of a
 * provider's YAML file.
 */
public class ModelCard extends Quirks implements Cloneable {
  private String provider;
  private String id;
  private String displayName;
  private Integer contextWindow;
  private Integer maxOutput;
  private Boolean vision;
  private Boolean tools;
  private Boolean parallelToolCalls;
  private Double inputPrice;
  private Double cachedInputPrice;
  private Double outputPrice;
  private Double tokenRatio;

  public String getProvider() {
    return provider;
  }

  /** Sets the name of the model's {@link Provider}. */
  public void setProvider(String provider) {
    this.provider = provider;
  }

  public String getId() {
    return id;
  }

  /** Sets the upstream's name of the model, for example {@code z-ai/glm-5.3}. */
  public void setId(String id) {
    this.id = id;
  }

  public String getDisplayName() {
    return displayName;
  }

  /** Sets the name for people (default: the id). */
  public void setDisplayName(String displayName) {
    this.displayName = displayName;
  }

  public Integer getContextWindow() {
    return contextWindow;
  }

  /** Sets the tokens of prompt and completion together; null if unknown. */
  public void setContextWindow(Integer contextWindow) {
    this.contextWindow = contextWindow;
  }

  public Integer getMaxOutput() {
    return maxOutput;
  }

  /** Sets the largest {@code max_tokens}; null if unknown. */
  public void setMaxOutput(Integer maxOutput) {
    this.maxOutput = maxOutput;
  }

  public Boolean getVision() {
    return vision;
  }

  /** Sets whether the model sees images; null if unknown, and then images are sent. */
  public void setVision(Boolean vision) {
    this.vision = vision;
  }

  public Boolean getTools() {
    return tools;
  }

  /** Sets whether the model calls tools (default true). */
  public void setTools(Boolean tools) {
    this.tools = tools;
  }

  public Boolean getParallelToolCalls() {
    return parallelToolCalls;
  }

  /**
   * Sets whether one turn may have several tool calls (default true). Llama 3's template refuses
   * them, so that earlier turns are sent one call at a time.
   */
  public void setParallelToolCalls(Boolean parallelToolCalls) {
    this.parallelToolCalls = parallelToolCalls;
  }

  public Double getInputPrice() {
    return inputPrice;
  }

  /** Sets the dollars for a million tokens of prompt; null if unknown. */
  public void setInputPrice(Double inputPrice) {
    this.inputPrice = inputPrice;
  }

  public Double getCachedInputPrice() {
    return cachedInputPrice;
  }

  /**
   * Sets the dollars for a million tokens of prompt from the upstream's cache; null for the price
   * of other tokens.
   */
  public void setCachedInputPrice(Double cachedInputPrice) {
    this.cachedInputPrice = cachedInputPrice;
  }

  public Double getOutputPrice() {
    return outputPrice;
  }

  /** Sets the dollars for a million tokens of completion; null if unknown. */
  public void setOutputPrice(Double outputPrice) {
    this.outputPrice = outputPrice;
  }

  public Double getTokenRatio() {
    return tokenRatio;
  }

  /**
   * Sets the model's own tokens for one that Caravan counts; null if unknown, and then it is
   * learned from use.
   */
  public void setTokenRatio(Double tokenRatio) {
    this.tokenRatio = tokenRatio;
  }

  /**
   * Combines this card with the upstream's own facts. Of two sizes the smaller one counts, since
   * the card may limit a model on purpose.
   */
  public ModelCard and(ModelCard said) {
    Integer window = smaller(contextWindow, said.contextWindow);
    Integer output = smaller(maxOutput, said.maxOutput);
    if (Objects.equals(window, contextWindow) && Objects.equals(output, maxOutput)) {
      return this;
    }
    ModelCard both = clone();
    both.contextWindow = window;
    both.maxOutput = output;
    return both;
  }

  private static Integer smaller(Integer a, Integer b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return Math.min(a, b);
  }

  @Override
  protected ModelCard clone() {
    try {
      return (ModelCard) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }
}
