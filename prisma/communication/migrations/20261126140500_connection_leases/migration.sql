-- The open connections of users at each gateway process, so that their number is limited for all processes together.
CREATE TABLE "connection_leases" (
    "key" TEXT NOT NULL,
    "process" UUID NOT NULL,
    "opened" TIMESTAMPTZ(3)[],
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_leases_pkey" PRIMARY KEY ("key", "process")
);

CREATE INDEX "connection_leases_until_idx" ON "connection_leases"("until");
