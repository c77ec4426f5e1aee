package io.caravan.provider;

import java.util.Objects;

/**
 * What one model can do, and where it differs from its {@link Provider}. A bean of a provider's
 * YAML file.
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

  /** The name of its {@link Provider}. */
  public void setProvider(String provider) {
    this.provider = provider;
  }

  public String getId() {
    return id;
  }

  /** As the upstream names it, for example {@code z-ai/glm-5.3}. */
  public void setId(String id) {
    this.id = id;
  }

  public String getDisplayName() {
    return displayName;
  }

  /** For people (default: the id). */
  public void setDisplayName(String displayName) {
    this.displayName = displayName;
  }

  public Integer getContextWindow() {
    return contextWindow;
  }

  /** Tokens of prompt and answer together; null where it isn't known. */
  public void setContextWindow(Integer contextWindow) {
    this.contextWindow = contextWindow;
  }

  public Integer getMaxOutput() {
    return maxOutput;
  }

  /** The largest {@code max_tokens}; null where it isn't known. */
  public void setMaxOutput(Integer maxOutput) {
    this.maxOutput = maxOutput;
  }

  public Boolean getVision() {
    return vision;
  }

  /** Whether it sees images; null where it isn't known, and then images are sent. */
  public void setVision(Boolean vision) {
    this.vision = vision;
  }

  public Boolean getTools() {
    return tools;
  }

  /** Whether it calls tools (default true). */
  public void setTools(Boolean tools) {
    this.tools = tools;
  }

  public Boolean getParallelToolCalls() {
    return parallelToolCalls;
  }

  /**
   * Whether one turn may have several tool calls (default true). Llama 3's template refuses them,
   * so that earlier turns are sent one call at a time.
   */
  public void setParallelToolCalls(Boolean parallelToolCalls) {
    this.parallelToolCalls = parallelToolCalls;
  }

  public Double getInputPrice() {
    return inputPrice;
  }

  /** Dollars for a million tokens of prompt; null where it isn't known. */
  public void setInputPrice(Double inputPrice) {
    this.inputPrice = inputPrice;
  }

  public Double getCachedInputPrice() {
    return cachedInputPrice;
  }

  /**
   * Dollars for a million tokens of prompt that came from the upstream's cache; null for the same.
   */
  public void setCachedInputPrice(Double cachedInputPrice) {
    this.cachedInputPrice = cachedInputPrice;
  }

  public Double getOutputPrice() {
    return outputPrice;
  }

  /** Dollars for a million tokens of answer; null where it isn't known. */
  public void setOutputPrice(Double outputPrice) {
    this.outputPrice = outputPrice;
  }

  public Double getTokenRatio() {
    return tokenRatio;
  }

  /**
   * The model's own tokens for one that Caravan counts; null where it isn't known, and then it is
   * learned from use.
   */
  public void setTokenRatio(Double tokenRatio) {
    this.tokenRatio = tokenRatio;
  }

  /**
   * This card and what the upstream says itself: of two sizes the smaller one counts, since the
   * card may be there to hold a model down.
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
