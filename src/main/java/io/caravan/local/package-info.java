/**
 * What Claude Code asks beside the conversation and needs no model for. Pure Java; the stage that
 * uses it is {@link io.caravan.stage.AnswerLocally}.
 */
package io.caravan.local;
