package io.caravan.provider;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * The abilities of one model or of a family of models, and its differences from its {@link
 * Provider}. It is a bean of a provider's YAML file.
 */
public class ModelCard extends Quirks implements Cloneable {
  private static final char FAMILY = '*';

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
  private Integer firstTokenMillis;

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

  /**
   * Sets the upstream's name of the model, for example {@code z-ai/glm-5.3}; or of a family, with
   * {@code *} for any characters: {@code z-ai/glm-5*}.
   */
  public void setId(String id) {
    this.id = id;
  }

  public String getDisplayName() {
    return displayName;
  }

  /**
   * Sets the name for people (default: the id). In a family's, {@code *} stands for the rest of the
   * model's id.
   */
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

  /** Returns the dollars for tokens of prompt, without a cache; null if the price is unknown. */
  public BigDecimal inputDollars(long tokens) {
    return inputPrice == null
        ? null
        : BigDecimal.valueOf(inputPrice).multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
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

  /** Returns whether the card is a family's. */
  public boolean isFamily() {
    return id != null && id.indexOf(FAMILY) >= 0;
  }

  /** Returns whether the card is the model's own, and not one of a family or of another model. */
  public boolean isOf(String model) {
    return id == null || id.equals(model);
  }

  /** Returns the model's name for people; null if the card has none. */
  public String nameOf(String model) {
    if (displayName == null || !isFamily()) {
      return displayName;
    }
    String rest = model.substring(Math.min(id.indexOf(FAMILY), model.length()));
    return displayName.replace(String.valueOf(FAMILY), rest);
  }

  public Integer getFirstTokenMillis() {
    return firstTokenMillis;
  }

  /**
   * Sets the milliseconds to the first token that {@code scout} has measured: a card with it is
   * that of a model that was tried and works. {@code provider/auto} prefers the least.
   */
  public void setFirstTokenMillis(Integer firstTokenMillis) {
    this.firstTokenMillis = firstTokenMillis;
  }

  /**
   * Combines this card with the upstream's own facts. Of two sizes the smaller one counts, since
   * the card may limit a model on purpose; of anything else the card's. A family's card becomes the
   * card of the model that is listed.
   *
   * @return this card, if nothing is added to it
   */
  public ModelCard and(ModelCard said, String model) {
    ModelCard both = clone();
    both.contextWindow = smaller(contextWindow, said.contextWindow);
    both.maxOutput = smaller(maxOutput, said.maxOutput);
    both.vision = vision == null ? said.vision : vision;
    if (model.equals(said.id)) {
      both.displayName = displayName == null ? said.displayName : nameOf(model);
      both.id = model;
    }
    return both.isSame(this) ? this : both;
  }

  private boolean isSame(ModelCard other) {
    return Objects.equals(contextWindow, other.contextWindow)
        && Objects.equals(maxOutput, other.maxOutput)
        && Objects.equals(vision, other.vision)
        && Objects.equals(displayName, other.displayName)
        && Objects.equals(id, other.id);
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
