# The bucket, a user with keys for each site, and one each for compactor, fleet server and the Thanos store gateway; where
# sites ship logs, the bucket for those and a user for the central Loki.
# The policies are those of deploy/objstore, filled in.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

module "policies" {
  source      = "../policies"
  bucket      = var.bucket
  logs_bucket = var.logs_bucket
  sites       = var.sites
}

locals {
  users = setunion(keys(module.policies.policies), keys(module.policies.logs_policies))
}

resource "aws_s3_bucket" "telemetry" {
  bucket = var.bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "telemetry" {
  bucket                  = aws_s3_bucket.telemetry.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Unfinished uploads go; no object ever expires by a rule: what is over is the compactor's to remove.
resource "aws_s3_bucket_lifecycle_configuration" "telemetry" {
  bucket = aws_s3_bucket.telemetry.id

  rule {
    id     = "abort-unfinished-uploads"
    status = "Enabled"

    filter {
      prefix = ""
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 14
    }
  }
}

resource "aws_s3_bucket" "logs" {
  count  = var.logs_bucket == "" ? 0 : 1
  bucket = var.logs_bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  count                   = length(aws_s3_bucket.logs)
  bucket                  = aws_s3_bucket.logs[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_user" "each" {
  for_each = local.users
  name     = "edgeship-${each.key}"
}

resource "aws_iam_user_policy" "each" {
  for_each = module.policies.policies
  name     = "edgeship"
  user     = aws_iam_user.each[each.key].name
  policy   = each.value
}

resource "aws_iam_user_policy" "logs" {
  for_each = module.policies.logs_policies
  name     = "edgeship-logs"
  user     = aws_iam_user.each[each.key].name
  policy   = each.value
}

resource "aws_iam_access_key" "each" {
  for_each = local.users
  user     = aws_iam_user.each[each.key].name
}
