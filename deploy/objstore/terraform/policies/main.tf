# The policies of deploy/objstore, filled in for a bucket and its sites. Asks no provider, so that it can be used, and
# tested, with whatever makes the users.

terraform {
  required_version = ">= 1.5"
}

locals {
  files = merge(
    { for site, transport in var.sites : "site-${site}" => { file = "iam-agent-${transport}.json", site = site } },
    {
      compactor = { file = "iam-compactor.json", site = "" }
      fleet     = { file = "iam-fleet.json", site = "" }
      reader    = { file = "iam-reader.json", site = "" }
    },
  )
}

output "policies" {
  description = "By user: what it may do."
  value = {
    for name, of in local.files : name => replace(
      replace(file("${path.module}/../../${of.file}"), "arn:aws:s3:::BUCKET", "arn:aws:s3:::${var.bucket}"),
      "SITE", of.site
    )
  }
}
