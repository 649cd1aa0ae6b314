/**
 * Tables of rows on disk, whatever their container: Arrow streams and files, Hugging Face folders, JSON lines, read row
 * by row and written atomically. Nothing here knows what a problem or an answer is.
 */
@NullMarked
package org.grpo4j.datasets.table;

import org.jspecify.annotations.NullMarked;
