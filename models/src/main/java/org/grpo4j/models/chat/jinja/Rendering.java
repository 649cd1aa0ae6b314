package org.grpo4j.models.chat.jinja;

import java.time.Clock;

/** What one rendering has besides its variables: limits, and what day it is. */
record Rendering(Budget budget, Clock clock) {}
