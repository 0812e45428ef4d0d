/// The commands `bucket …`: what lies in the bucket, whether it is sound, and what a person has done to it. Tables
/// are those of `thanos tools bucket`.
@NullMarked
package io.edgeship.compact.bucket;

import org.jspecify.annotations.NullMarked;
