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

  # Of the bucket of logs, if there is one.
  logs_files = {
    for name, of in merge(
      {
        for site, transport in var.sites : "site-${site}" => {
          file = transport == "inbox" ? "iam-agent-inbox.json" : "iam-logs-agent-plain.json"
          site = site
        }
      },
      {
        compactor = { file = "iam-logs-compactor.json", site = "" }
        fleet     = { file = "iam-logs-fleet.json", site = "" }
        loki      = { file = "iam-logs-loki.json", site = "" }
      },
    ) : name => of if var.logs_bucket != ""
  }
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

output "logs_policies" {
  description = "By user: what it may do in the bucket of logs."
  value = {
    for name, of in local.logs_files : name => replace(
      replace(file("${path.module}/../../${of.file}"), "arn:aws:s3:::BUCKET", "arn:aws:s3:::${var.logs_bucket}"),
      "SITE", of.site
    )
  }
}
